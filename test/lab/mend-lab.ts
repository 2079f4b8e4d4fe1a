import { readSettings } from '../../lab/settings.ts';
import { labUp } from '../../lab/up.ts';

/** Brings every server of the lab back that a test left dead or with other settings; what runs and answers is left alone. */
export async function mendLab(): Promise<void> {
  await labUp({ stock: readSettings()?.stock ?? false, progress: () => undefined });
}
