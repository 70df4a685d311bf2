import type { APIRequestContext, APIResponse } from "@playwright/test";

import type { BulkOperation } from "#server/contracts/dead-letters.ts";
import type { Run, RunSummary, SubmitRun } from "#server/contracts/runs.ts";
import { isEnded } from "#server/contracts/statuses.ts";

/** The HTTP contract as a program uses it, for tests. Every answer that is not a success is an error with its body. */
export type Api = ReturnType<typeof createApi>;

async function body<T>(response: APIResponse): Promise<T> {
  if (!response.ok()) throw new Error(`${response.status()} from ${response.url()}: ${await response.text()}`);
  return (await response.json()) as T;
}

const POLL_MS = 100;

/** Wraps a request context that carries a token. */
export function createApi(request: APIRequestContext) {
  const api = {
    submit: async (run: SubmitRun) => body<Run>(await request.post("/api/v1/runs", { data: run })),
    execute: async (run: SubmitRun, waitS = 60) =>
      body<Run>(await request.post("/api/v1/execute", { data: run, headers: { Prefer: `wait=${waitS}` }, timeout: (waitS + 10) * 1000 })),
    run: async (id: string, include?: "output" | "source") =>
      body<Run>(await request.get(`/api/v1/runs/${id}${include === undefined ? "" : `?include=${include}`}`)),
    list: async (query: Record<string, string>) => body<{ items: RunSummary[] }>(await request.get("/api/v1/runs", { params: query })),
    cancel: async (id: string) => body<Run>(await request.post(`/api/v1/runs/${id}/cancel`)),
    bulk: async (id: string) => body<BulkOperation>(await request.get(`/api/v1/bulk-operations/${id}`)),
    /** Asks until the run is in the wanted state. */
    until: async (id: string, isWanted: (run: Run) => boolean, timeoutMs = 60_000): Promise<Run> => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const run = await api.run(id);
        if (isWanted(run)) return run;
        if (performance.now() > deadline) throw new Error(`The run is not where it should be: ${JSON.stringify(run, null, 2)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    untilEnded: (id: string, timeoutMs?: number) => api.until(id, (run) => isEnded(run.status), timeoutMs),
    request,
  };
  return api;
}
