import { greetings } from './greetings.js';

export async function greet(table: string): Promise<string> {
  const greeting = `good evening, ${table}`;
  greetings.push(greeting);
  return greeting;
}
