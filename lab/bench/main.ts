import { Command, InvalidArgumentError, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { benchCopy } from './bench-copy.ts';
import { benchListing, listingReport } from './bench-listing.ts';
import { copyReport } from './copy-report.ts';
import { machineLine, writeInto } from './performance-page.ts';
import { SHAPES, type Shape, STOCK_SHAPES } from './shapes.ts';

const program = new Command('npm run bench --').description(
  "Measurements on the lab, side by side with Hadoop's own tools.",
);

program
  .command('copy')
  .description('copy the same files with hive-ferry, hdfs dfs -cp -t 8 and hadoop distcp -update, in turn')
  .option('--rounds <n>', 'how often each copies each shape; the medians count', wholeNumber, 5)
  .addOption(
    new Option('--delay <delay>', "the datanodes' closing delay").choices(['10ms', 'stock', 'both']).default('both'),
  )
  .option('--only <text>', `the shapes whose name holds this text: ${namesOf([...SHAPES, ...STOCK_SHAPES])}`, '')
  .option('--json', 'as one JSON document')
  .option('--write', 'put the table into docs/performance.md')
  .action(async ({ rounds, delay, only, json = false, write = false }: CopyFlags) => {
    const chosen = (shapes: readonly Shape[]) => shapes.filter(({ name }) => name.includes(only));
    const benches = await benchCopy({
      rounds,
      shapes: {
        ...(delay !== 'stock' && { '10 ms': chosen(SHAPES) }),
        ...(delay !== '10ms' && { '400 ms': chosen(STOCK_SHAPES) }),
      },
      progress: say,
    });
    if (json) process.stdout.write(`${JSON.stringify(benches, null, 2)}\n`);
    for (const each of new Set(benches.map((bench) => bench.delay))) {
      const table = copyReport(benches.filter((bench) => bench.delay === each));
      const report = `${machineLine(rounds)}\n\n${table}`;
      if (!json) process.stdout.write(`\nclosing delay ${each}: ${report}`);
      if (write) writeInto(`closing delay ${each}`, report);
    }
  });

program
  .command('listing')
  .description('list folders of up to 300,000 entries: time and memory')
  .option('--rounds <n>', 'how often each is listed; the medians count', wholeNumber, 5)
  .option('--json', 'as one JSON document')
  .option('--write', 'put the table into docs/performance.md')
  .action(async ({ rounds, json = false, write = false }: Flags) => {
    const benches = await benchListing([1_000, 30_000, 300_000], rounds, say);
    const report = `${machineLine(rounds)}\n\n${listingReport(benches)}`;
    process.stdout.write(json ? `${JSON.stringify(benches, null, 2)}\n` : `\n${report}`);
    if (write) writeInto('listing', report);
  });

type Flags = { rounds: number; json?: boolean; write?: boolean };
type CopyFlags = Flags & { delay: '10ms' | 'stock' | 'both'; only: string };

function namesOf(shapes: readonly Shape[]): string {
  return [...new Set(shapes.map(({ name }) => name))].join(' · ');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 99');
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
