export async function greet(table: string): Promise<string> {
  return `good evening, ${table}`;
}
