/** Text within a width, broken at spaces; a longer word stays whole, so that names can be copied. */
export function wrapped(text: string, columns: number, indent: string): readonly string[] {
  const room = Math.max(20, columns - indent.length);
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > room) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    return [...lines, line].map((each) => indent + each);
  });
}
