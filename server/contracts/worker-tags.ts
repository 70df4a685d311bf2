/** A tag of a run that starts so is a demand: only a worker that was started with the rest as its tag takes the run. */
const PREFIX = "worker:";

/** The worker tags that a run's tags demand. */
export function demandedTags(tags: readonly string[]): string[] {
  return tags.filter((tag) => tag.startsWith(PREFIX) && tag.length > PREFIX.length).map((tag) => tag.slice(PREFIX.length));
}

/** Whether a worker takes a run that demands these. Pure; `take` in server/queue says the same in SQL. */
export function takesTags(worker: { tags: readonly string[]; taggedOnly: boolean }, demanded: readonly string[]): boolean {
  return demanded.every((tag) => worker.tags.includes(tag)) && (!worker.taggedOnly || demanded.length > 0);
}
