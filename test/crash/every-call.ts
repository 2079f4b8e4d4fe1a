/**
 * Tries a scenario with its fault at the first call, the second, and so on until the run has no such call any more.
 * Tells how many there were; a failure says at which call it was.
 */
export async function everyCall(scenario: (at: number) => Promise<'tried' | 'past the end'>): Promise<number> {
  for (let at = 1; ; at += 1) {
    try {
      if ((await scenario(at)) === 'past the end') return at - 1;
    } catch (error) {
      throw new Error(`with the fault at call ${at}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}
