// npm test: sets up what the tests need, the lab included, and runs all of them.
import { bin, ensureInstalled, root, runCommand } from './install.mjs';

ensureInstalled();
const { check, checkSources, conclude, jest } = await import('./checks.mjs');
checkSources({ crashStride: 1 });
if (check('build', process.execPath, ['run/build.mjs'])) {
  const lab = (...args) => runCommand(bin('tsx'), ['lab/main.ts', ...args]) === 0;
  if (lab('up') && lab('seed')) {
    // One after the other: they share the lab.
    jest(['lab'], ['--runInBand']);
    jest(['package'], ['--runInBand']);
    if (check('browser is there', process.execPath, ['run/browser.mjs'])) jest(['browser'], ['--runInBand']);
  } else check(`the lab of ${root}`, bin('tsx'), ['lab/main.ts', 'status']);
}
conclude();
