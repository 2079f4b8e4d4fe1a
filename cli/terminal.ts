import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** What a command writes to: one stream, how wide it is, and whether it understands escape codes. */
export type Terminal = {
  readonly stream: NodeJS.WriteStream;
  readonly isTty: boolean;
  readonly colors: Colors;
  columns(): number;
};

type Env = Readonly<Record<string, string | undefined>>;

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR, which wins over what the stream is. */
export function colorsFor(isTty: boolean, env: Env): Colors {
  const forced =
    env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  const able = env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false' ? false : isTty && env.TERM !== 'dumb';
  return picocolors.createColors(env.NO_COLOR ? false : forced || able);
}

export function terminal(stream: NodeJS.WriteStream, env: Env = process.env): Terminal {
  const isTty = stream.isTTY === true && env.TERM !== 'dumb';
  return { stream, isTty, colors: colorsFor(isTty, env), columns: () => (isTty ? stream.columns || 80 : 100) };
}
