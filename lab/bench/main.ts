import { Command, InvalidArgumentError, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { benchCopy, type ClosingDelay } from './bench-copy.ts';
import { benchListing, listingReport } from './bench-listing.ts';
import { copyReport } from './copy-report.ts';
import { SHAPES } from './shapes.ts';

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
  .option('--only <text>', `the shapes whose name holds this text: ${SHAPES.map(({ name }) => name).join(', ')}`, '')
  .option('--json', 'as one JSON document')
  .action(async ({ rounds, delay, only, json = false }: CopyFlags) => {
    const benches = await benchCopy({
      rounds,
      delays: DELAYS[delay],
      shapes: SHAPES.filter(({ name }) => name.includes(only)),
      progress: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(json ? `${JSON.stringify(benches, null, 2)}\n` : `\n${copyReport(benches)}`);
  });

program
  .command('listing')
  .description('list folders of up to 300,000 entries: time and memory')
  .option('--rounds <n>', 'how often each is listed; the medians count', wholeNumber, 5)
  .option('--json', 'as one JSON document')
  .action(async ({ rounds, json = false }: { rounds: number; json?: boolean }) => {
    const benches = await benchListing([1_000, 30_000, 300_000], rounds, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(json ? `${JSON.stringify(benches, null, 2)}\n` : `\n${listingReport(benches)}`);
  });

type CopyFlags = { rounds: number; delay: keyof typeof DELAYS; only: string; json?: boolean };

const DELAYS = {
  '10ms': ['10 ms'],
  stock: ['400 ms'],
  both: ['10 ms', '400 ms'],
} as const satisfies Record<string, readonly ClosingDelay[]>;

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
