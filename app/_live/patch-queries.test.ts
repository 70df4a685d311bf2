import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { patchQueries } from "./patch-queries.ts";

/** A query whose answers are given by hand, in the order in which they were asked for. */
function watch(queryClient: QueryClient) {
  const asked: ((answer: string) => void)[] = [];
  const observer = new QueryObserver<string>(queryClient, {
    queryKey: ["run"],
    queryFn: () => new Promise<string>((resolve) => asked.push(resolve)),
    staleTime: Infinity,
  });
  observer.subscribe(() => undefined);
  return { asked, shown: () => observer.getCurrentResult().data };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("an answer that was under way when the event came does not win over it", async () => {
  const queryClient = new QueryClient();
  const { asked, shown } = watch(queryClient);
  asked[0]?.("running");
  await turn();
  void queryClient.invalidateQueries({ queryKey: ["run"] });
  await turn();
  patchQueries(queryClient, ["run"], () => "cancelled");
  await turn();
  asked[1]?.("running");
  await turn();
  expect(shown()).toBe("cancelled");
  asked[2]?.("cancelled, as read again");
  await turn();
  expect(shown()).toBe("cancelled, as read again");
});

test("where events may outrun answers the caller is told to ask later, and only while something is under way", async () => {
  const queryClient = new QueryClient();
  const { asked, shown } = watch(queryClient);
  let later = 0;
  const patch = () =>
    patchQueries(
      queryClient,
      ["run"],
      () => "cancelled",
      () => (later += 1),
    );
  patch();
  expect(later).toBe(1);
  asked[0]?.("running");
  await turn();
  patch();
  expect([later, shown(), asked.length]).toEqual([1, "cancelled", 1]);
});
