/** '[::1]:9464' -> ::1 and 9464. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const cut = address.lastIndexOf(':');
  return { host: address.slice(0, cut).replace(/^\[|\]$/g, ''), port: Number(address.slice(cut + 1)) };
}
