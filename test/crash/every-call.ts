/** FERRY_CRASH_STRIDE=5, as in `npm run verify`: only each fifth call, in a fifth of the time. `npm test` tries every one. */
const STRIDE = Number(process.env.FERRY_CRASH_STRIDE ?? 1);

/**
 * Tries a scenario with its fault at the first call, the second, and so on until the run has no such call any more.
 * Tells how many there were (to within the stride); a failure says at which call it was. `most`: the largest stride that
 * still meets what the test is about.
 */
export async function everyCall(
  scenario: (at: number) => Promise<'tried' | 'past the end'>,
  { most = Number.POSITIVE_INFINITY }: { readonly most?: number } = {},
): Promise<number> {
  for (let at = 1; ; at += Math.min(STRIDE, most)) {
    try {
      if ((await scenario(at)) === 'past the end') return at - 1;
    } catch (error) {
      throw new Error(`with the fault at call ${at}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}
