import { randomUUID } from "node:crypto";

import type { SubmitRun } from "#server/contracts/runs.ts";

import type { Api } from "./api.ts";

/** Submits scripts that fail for good, all with one new tag, and waits until they are dead letters. */
export async function deadLetters(api: Api, count: number, of: (index: number) => Partial<SubmitRun> = () => ({})): Promise<{ tag: string; ids: string[] }> {
  const tag = `dead-${randomUUID().slice(0, 8)}`;
  const runs = Array.from({ length: count }, (_, index) => ({
    name: `dead ${index}`,
    language: "bash",
    source: `echo "fatal: no luck at ${index}" >&2; exit 3`,
    retry: { maxRetries: 0 },
    ...of(index),
    tags: [tag],
  }));
  const response = await api.request.post("/api/v1/runs/batch", { data: { runs } });
  const { items } = (await response.json()) as { items: { id: string }[] };
  for (const { id } of items) await api.until(id, (run) => run.status === "dead");
  return { tag, ids: items.map(({ id }) => id) };
}
