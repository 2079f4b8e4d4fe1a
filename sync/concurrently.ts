/**
 * Runs `work` over `items`, at most `limit` at a time, and gives the results in the order of the items. After a failure
 * nothing new is started; what runs is waited for, so that no work goes on behind the caller's back; the first failure is thrown.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let failed = false;
  let failure: unknown;
  const lane = async () => {
    while (!failed && next < items.length) {
      const place = next;
      next += 1;
      try {
        results[place] = await work(items[place] as T, place);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane));
  if (failed) throw failure;
  return results;
}
