/** The calls of a cluster's ports that change something. A crash before a call that only reads is a crash after the change before it. */
export const CHANGES =
  /\.(mkdirs|rename|delete|setModificationTime|setAttribute|create|concat|createSnapshot|deleteSnapshot|apply)\(/;

/** What is told of each call: 'b.rename(/x)', 'catalog-b.apply(add-partitions)'. */
export type Through = <T>(call: string, make: () => Promise<T>) => Promise<T>;

/** The same port with every call that is awaited going through `through`. */
export function guardPort<T extends object>(port: T, name: string, through: Through): T {
  return new Proxy(port, {
    get: (target, property) => {
      const member = Reflect.get(target, property, target) as unknown;
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...args: unknown[]) => unknown;
      // partitions() answers in pages; each of its batches is awaited by the engine, the call itself is not.
      if (property === 'partitions') return method;
      return (...args: unknown[]) =>
        through(`${name}.${String(property)}(${subjectOf(args[0])})`, async () => method(...args));
    },
  });
}

function subjectOf(first: unknown): string {
  if (typeof first === 'string') return first;
  return typeof first === 'object' && first !== null && 'kind' in first ? String(first.kind) : '';
}
