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

/** One line within a width: what does not fit stands below its first word, after its own indent and dash; below an indent of two where it has none. */
export function hanging(line: string, columns: number): readonly string[] {
  const [lead = ''] = /^\s*(- )?/.exec(line) ?? [];
  const indent = ' '.repeat(lead.length || 2);
  const [first = '', ...rest] = wrapped(line.slice(lead.length), columns, indent);
  return [lead + first.slice(indent.length), ...rest];
}
