import { Command, InvalidArgumentError } from 'commander';
import { labDown } from './down.ts';
import { LabError } from './lab-error.ts';
import { title } from './server-process.ts';
import type { LabState } from './state.ts';
import { labStatus } from './status.ts';
import { labUp } from './up.ts';

const program = new Command('npm run lab --')
  .description('Two Hadoop clusters with Hive, a and b, and a Temporal server, on this machine.')
  .showHelpAfterError();

program
  .command('up')
  .description('start what does not run, and say where everything is')
  .option('--stock', "datanodes with Hadoop's own closing delay of 400 ms a file (for measuring)")
  .action(async ({ stock = false }: { stock?: boolean }) => {
    const startedAt = Date.now();
    const state = await labUp({ stock });
    process.stdout.write(
      `\n${addresses(state)}\nUp in ${((Date.now() - startedAt) / 1000).toFixed(0)} s. Next: npm run lab -- seed, then npm run ferry -- --help; npm run lab -- down ends it.\n`,
    );
  });

program
  .command('status')
  .description('show every server; exit code 0 when all are up')
  .option('--json', 'as one JSON document')
  .action(async ({ json = false }: { json?: boolean }) => {
    const status = await labStatus();
    process.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : statusTable(status));
    process.exitCode = status.up ? 0 : 1;
  });

program
  .command('seed')
  .description('make the tables on cluster a, their empty databases on b; what is there already stays')
  .option('--scale <n>', 'how much there is in all but sales.orders and ref.countries', wholeNumber, 1)
  .action(async ({ scale }: { scale: number }) => {
    const { seedLab } = await import('./seed.ts');
    process.stdout.write(`${await seedLab({ scale })}\n`);
  });

program
  .command('down')
  .description('end every server that the lab started')
  .option('--purge', 'remove data, logs and chosen ports too')
  .action(async ({ purge = false }: { purge?: boolean }) => {
    const ended = await labDown({ purge });
    process.stdout.write(ended === 0 ? 'Nothing of the lab was running.\n' : `${ended} servers ended.\n`);
  });

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 9999');
  return Number(text);
}

function addresses({ clusters, temporal }: LabState): string {
  const cluster = (name: 'a' | 'b') => {
    const { webhdfs, fileSystem, metastore, hiveserver2 } = clusters[name];
    return `cluster ${name}   WebHDFS      ${webhdfs}   (${fileSystem})
            metastore    ${metastore}
            HiveServer2  ${hiveserver2.host}:${hiveserver2.port}
`;
  };
  return `${cluster('a')}${cluster('b')}Temporal    gRPC         ${temporal.address}   namespace ${temporal.namespace}
            UI           ${temporal.ui}/namespaces/${temporal.namespace}/workflows
`;
}

function statusTable({ up, servers }: Awaited<ReturnType<typeof labStatus>>): string {
  const rows = servers.map(({ name, address = '', pid, alive, missing }) => {
    const cells = [title(name).padEnd(14), address.padEnd(26), (pid === undefined ? '' : `pid ${pid}`).padEnd(12)];
    return `${cells.join('')}${missing === undefined ? 'ready' : `${alive ? 'runs, but ' : ''}${missing}`}\n`;
  });
  return `${rows.join('')}${up ? 'The lab is up.' : 'The lab is not up: npm run lab -- up'}\n`;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
