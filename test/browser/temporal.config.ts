import { defineConfig } from '../../index.ts';
import lab from '../../temporal.config.ts';

/** The lab's config with the DAGs of this folder. */
export default defineConfig({ ...lab, dags: { folder: 'dags' } });
