// npm test: sets up what the tests need, the lab included, and runs all of them.
import { bin, ensureInstalled, root, runCommand } from './install.mjs';

/** Suites of test/lab that copy slowly, or wait for timeouts. */
const WAITING = [
  ...['interrupt', 'pause', 'limits', 'reset', 'worker-shutdown', 'shutdown-force', 'worker-metrics'],
  ...['codec', 'temporal-security', 'points', 'zombies', 'zombies-temporal', 'servers-limits', 'clean-all'],
];
/** Suites that restart servers, or look at all that lies on a cluster. */
const ALONE = ['servers-hdfs', 'servers-hive', 'servers-temporal', 'doctor', 'clean'];
const inBand = (files) => ['--runInBand', '--testPathPatterns', `test/lab/${files}`];

ensureInstalled();
const { check, checkSources, conclude, jest } = await import('./checks.mjs');
await checkSources({ crashStride: 1 });
if (check('build', process.execPath, ['run/build.mjs'])) {
  const lab = (...args) => runCommand(bin('tsx'), ['lab/main.ts', ...args]) === 0;
  if (lab('up') && lab('seed')) {
    // They share the lab: side by side run only those that wait most of the time, over tables and queues of their own.
    await Promise.all([
      jest(['lab'], inBand(`(?!(${[...WAITING, ...ALONE].join('|')})\\.test)`), {}, 'lab'),
      jest(['lab'], inBand(`(${WAITING.join('|')})\\.test`), {}, 'lab, those that wait'),
    ]);
    await jest(['lab'], inBand(`(${ALONE.join('|')})\\.test`), {}, 'lab, those that want it for themselves');
    await jest(['package'], ['--runInBand']);
    if (check('browser is there', process.execPath, ['run/browser.mjs'])) await jest(['browser'], ['--runInBand']);
  } else check(`the lab of ${root}`, bin('tsx'), ['lab/main.ts', 'status']);
}
conclude();
