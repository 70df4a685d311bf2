import type { RunFilter, RunSummary } from "#server/contracts/runs.ts";

/** Whether a run told by the stream would be in the list that is shown: the same rules as the server's filter. */
export function matchesFilter(run: RunSummary, filter: RunFilter): boolean {
  if (filter.status && !filter.status.includes(run.status)) return false;
  if (filter.outcome && (run.outcome === null || !filter.outcome.includes(run.outcome))) return false;
  if (filter.language && !filter.language.includes(run.language)) return false;
  if (filter.tag && !filter.tag.every((tag) => run.tags.includes(tag))) return false;
  if (filter.from && Date.parse(run.createdAt) < Date.parse(filter.from)) return false;
  if (filter.to && Date.parse(run.createdAt) >= Date.parse(filter.to)) return false;
  if (filter.q) {
    const wanted = filter.q.toLowerCase();
    if (run.id !== wanted && !run.name.toLowerCase().includes(wanted)) return false;
  }
  return true;
}
