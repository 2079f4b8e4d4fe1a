// npm run verify: all that needs no cluster, in under two minutes; the crash suite stops runs at each fifth call only.
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { checkSources, conclude } = await import('./checks.mjs');
await checkSources({ crashStride: 5 });
conclude();
