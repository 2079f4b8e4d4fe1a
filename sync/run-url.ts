/** The page of a run in the Temporal UI whose base URL is `ui`. */
export function runUrl(ui: string, namespace: string, workflowId: string, runId: string): string {
  const [space, id, run] = [namespace, workflowId, runId].map(encodeURIComponent);
  return `${ui}/namespaces/${space}/workflows/${id}/${run}/history`;
}
