import { defineConfig } from '../../../index.ts';
import lab from '../../../temporal.config.ts';

/** The lab's config with the DAGs of a folder that a test writes, and a key to sign them with. */
export default defineConfig({
  ...lab,
  dags: { folder: process.env.FERRY_TEST_DAGS ?? 'dags', signingKey: { env: 'FERRY_TEST_DAGS_KEY' } },
});
