// npm run verify: all that needs no cluster, in under two minutes.
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { checkSources, conclude } = await import('./checks.mjs');
checkSources();
conclude();
