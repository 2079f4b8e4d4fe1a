/** What was said by the activities of this process. */
export const greetings: string[] = [];
