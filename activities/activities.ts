import type {
  Ending,
  EnsuredTable,
  NodeRef,
  NodeResult,
  Outcome,
  PlanRef,
  RefreshResult,
  ResolvedSpec,
} from '../sync/outcome.ts';

/** Where a run stands in Temporal; handed to the first activity, which records it in the resolved spec. */
export type RunIdentity = {
  readonly runKey: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly taskQueue: string;
};

/** Every activity of a sync: one JSON object in, one small value out. A failure is an ApplicationFailure whose type is a code of errors/codes.ts. */
export interface SyncActivities {
  resolveInput(input: { readonly input: unknown; readonly run: RunIdentity }): Promise<ResolvedSpec>;
  planNodes(input: { readonly spec: ResolvedSpec }): Promise<PlanRef>;
  /** The nodes of a later round: the retryable partitions of the round before, looked at again. */
  planRound(input: {
    readonly spec: ResolvedSpec;
    readonly plan: PlanRef;
    readonly round: number;
  }): Promise<{ readonly nodes: readonly NodeRef[] }>;
  ensureTable(input: { readonly spec: ResolvedSpec; readonly plan: PlanRef }): Promise<EnsuredTable>;
  /**
   * One attempt at a node. Its manifest is its selection: the workflow starts all nodes in one task, so that neither the
   * spec's partitions nor the plan's nodes and changes (empty lists here) may travel with each of them.
   */
  loadNode(input: {
    readonly spec: Omit<ResolvedSpec, 'partitions'>;
    readonly plan: PlanRef;
    readonly node: NodeRef;
  }): Promise<NodeResult>;
  refreshMetadata(input: { readonly spec: ResolvedSpec; readonly plan: PlanRef }): Promise<RefreshResult>;
  /** Ends the run on the target (fence, no staging left, last.json) and tells its outcome. `plan` is absent when planning failed. */
  closeRun(input: { readonly spec: ResolvedSpec; readonly plan?: PlanRef; readonly ending: Ending }): Promise<Outcome>;
}
