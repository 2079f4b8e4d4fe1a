import type { ResolvedSpec } from '../sync/outcome.ts';
import { labelOf } from '../sync/plan.ts';
import { asInput } from '../sync/spec-identity.ts';
import type { VerifyReport } from '../sync/verify.ts';

/** What a sync can mend of a comparison, and what it cannot. */
export type Repair = {
  /** The input of the sync of exactly the partitions that differ; undefined: there are none that a sync mends. */
  readonly input?: unknown;
  /** Partitions that only the target has: a sync drops those when it is told to prune. */
  readonly extra: readonly string[];
};

/**
 * The sync that makes the partitions that differ as the source has them: found by content, since times may agree, and
 * laid over what other hands changed, since that is what differs.
 */
export function repairOf({ differences }: Pick<VerifyReport, 'differences'>, spec: ResolvedSpec): Repair {
  const named = (extra: boolean) => [
    ...new Set(
      differences.filter(({ kind }) => (kind === 'partition-extra') === extra).map(({ partition }) => partition),
    ),
  ];
  const [broken, extra] = [named(false), named(true)];
  if (broken.length === 0) return { extra };
  const { where: _, partitions: __, planDigest: ___, ...rest } = asInput(spec);
  const whole = broken.includes(labelOf(''));
  const input = {
    ...rest,
    ...(whole ? {} : { partitions: broken }),
    compare: 'content',
    overwrite: 'diverged',
    prune: false,
  };
  return { input, extra };
}
