/** What the user of the lab can mend: shown as its message alone, without a stack, with exit code 1. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
