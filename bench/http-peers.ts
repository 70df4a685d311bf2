import { setTimeout as delay } from "node:timers/promises";

import { callJson } from "./call-json.ts";

/** Somebody else's server that runs `true` in bash when it is asked to over HTTP, started by hand. */
export type HttpPeer = { name: string; run: () => Promise<void> };

const POLL_MS = 5;

/** Cronicle: CRONICLE_URL, CRONICLE_API_KEY, and CRONICLE_EVENT, the id of an event whose script is `true` and whose concurrency is high. */
function cronicle({ CRONICLE_URL: url, CRONICLE_API_KEY: key, CRONICLE_EVENT: event }: NodeJS.ProcessEnv): HttpPeer | null {
  if (url === undefined || key === undefined || event === undefined) return null;
  const headers = { "x-api-key": key };
  return {
    name: "Cronicle",
    run: async () => {
      const begun = await callJson(`${url}/api/app/run_event/v1`, headers, { id: event });
      const [id] = (begun["ids"] ?? []) as string[];
      if (begun["code"] !== 0 || id === undefined) throw new Error(`Cronicle did not run it: ${JSON.stringify(begun)}`);
      for (;;) {
        const { job } = (await callJson(`${url}/api/app/get_job_status/v1?id=${id}`, headers)) as { job?: { complete?: number; code?: number } };
        if (job?.complete === 1 && job.code === 0) return;
        if (job?.complete === 1) throw new Error(`Cronicle's job ended with ${job.code}.`);
        await delay(POLL_MS);
      }
    },
  };
}

/** Piston: PISTON_URL. */
function piston({ PISTON_URL: url }: NodeJS.ProcessEnv): HttpPeer | null {
  if (url === undefined) return null;
  return {
    name: "Piston",
    run: async () => {
      const { run } = (await callJson(`${url}/api/v2/execute`, {}, { language: "bash", version: "*", files: [{ content: "true" }] })) as {
        run?: { code?: number };
      };
      if (run?.code !== 0) throw new Error(`Piston's script ended with ${run?.code}.`);
    },
  };
}

/** Those whose addresses the environment holds. */
export const httpPeers = (environment: NodeJS.ProcessEnv): HttpPeer[] => [cronicle(environment), piston(environment)].filter((peer) => peer !== null);
