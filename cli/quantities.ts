import prettyBytes from 'pretty-bytes';

/** 9_800_000_000 -> '9.13 GiB' */
export function bytesText(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

/** 48_234_496 -> '46 MiB/s' */
export function rateText(bytesPerSecond: number): string {
  return `${bytesText(Math.round(bytesPerSecond))}/s`;
}

/** 75 -> '1m 15s'; two units at most, the smaller one left out when it is zero. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (seconds < 10 && whole !== seconds) return `${seconds.toFixed(1)}s`;
  const units: readonly [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** 1 -> '1 partition', 42 -> '42 partitions' */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
