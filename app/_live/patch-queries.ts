import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Changes cached answers by what an event says. What is being asked for just then may be answered with what stood before the event, and
 * no further event would put that right: it is asked for again, in place of the question under way, or by `askAgain`, which the caller
 * gives where events may come faster than answers.
 */
export function patchQueries<T>(queryClient: QueryClient, queryKey: QueryKey, patch: (data: T) => T, askAgain?: () => void): void {
  queryClient.setQueriesData({ queryKey }, (data: T | undefined) => data && patch(data));
  if (queryClient.isFetching({ queryKey }) === 0) return;
  if (askAgain !== undefined) askAgain();
  else void queryClient.invalidateQueries({ queryKey, predicate: ({ state }) => state.fetchStatus === "fetching" });
}
