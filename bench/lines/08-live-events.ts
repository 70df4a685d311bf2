import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { publish } from "#server/live/notices.ts";
import { pauseLane, resumeLane } from "#server/lanes/pause-lane.ts";
import { cancelRun } from "#server/runs/cancel-run.ts";
import { submitBatch } from "#server/runs/submit-batch.ts";

import { watchStream } from "../event-streams.ts";
import type { Line, Verdict } from "../line.ts";
import { median, quantile } from "../statistics.ts";

const BROWSERS = 200;
const A_SECOND = 50;
const EVENTS = 500;
const WARM_UP_EVENTS = 100;
const P95_MS = 60;
/** So long whatever is late may still come. */
const LATE_MS = 2_000;

type Sides = { url: string; headers: Record<string, string>; ids: string[]; send: (id: string) => Promise<void> | void };

/** Sends events at their pace to so many streams. Returns how many of all arrived, and after how many milliseconds. */
async function fanOut({ url, headers, ids, send }: Sides, gzip: boolean): Promise<{ delivered: number; latencies: number[] }> {
  const streams = await Promise.all(Array.from({ length: BROWSERS }, () => watchStream(url, headers, gzip)));
  const sentAt = new Map<string, number>();
  const began = performance.now();
  for (const [index, id] of ids.entries()) {
    await delay(Math.max(0, began + (index * 1_000) / A_SECOND - performance.now()));
    sentAt.set(id, performance.now());
    await send(id);
  }
  await delay(LATE_MS);
  const latencies: number[] = [];
  for (const { seen, close } of streams) {
    close();
    for (const [id, at] of sentAt) {
      const arrived = seen.get(id);
      if (arrived !== undefined && arrived >= at) latencies.push(arrived - at);
    }
  }
  return { delivered: latencies.length / (BROWSERS * ids.length), latencies };
}

async function startRaw(): Promise<{ url: string; send: (event: string) => void; stop: () => void }> {
  const child = fork(join(import.meta.dirname, "../raw-event-server.ts"));
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}/`, send: (event) => void child.send(event), stop: () => child.disconnect() };
}

export const liveEventsLine: Line = {
  number: 8,
  title: `${A_SECOND} events a second to ${BROWSERS} browsers`,
  peer: "a server that writes each as it comes",
  measure: async (ground) => {
    const { url, token, services } = await ground.corral();
    const ctx = await services();
    // They wait, so that nothing but the benchmark tells of them.
    await pauseLane(ctx, { lane: "batch" });
    const { items } = await submitBatch(ctx, {
      runs: Array.from({ length: EVENTS }, (_, index) => ({ name: `event ${index}`, language: "bash", source: "true" })),
    });
    const ids = items.map(({ id }) => id);
    const raw = await startRaw();
    const rawSides: Sides = {
      url: raw.url,
      headers: {},
      ids,
      send: (id) => raw.send(`event: runs\ndata: ${JSON.stringify({ type: "runs", runs: [{ ...items.find((item) => item.id === id), id }] })}\n\n`),
    };
    const ours: Sides = {
      url: `${url}/api/live`,
      headers: { authorization: `Bearer ${token}` },
      ids,
      send: (id) => publish(ctx.database.client, { kind: "run", ids: [id] }),
    };
    // The web process has just started; what it has done a few thousand times it does as it will from then on.
    await fanOut({ ...ours, ids: ids.slice(0, WARM_UP_EVENTS) }, false);
    const verdicts: Verdict[] = [];
    for (const gzip of [false, true]) {
      const [beside, corral] = [await fanOut(rawSides, gzip), await fanOut(ours, gzip)];
      const said = ({ latencies }: typeof corral) => `p50 ${median(latencies).toFixed(1)} ms, p95 ${quantile(latencies, 0.95).toFixed(1)} ms`;
      const what = gzip ? "asked for with gzip" : "without gzip";
      verdicts.push(
        { what: `${what}, p95`, corral: said(corral), beside: said(beside), value: quantile(corral.latencies, 0.95), unit: "ms", reach: { most: P95_MS } },
        {
          what: `${what}, delivered`,
          corral: `${corral.latencies.length} events`,
          beside: `${beside.latencies.length} events`,
          value: corral.delivered * 100,
          unit: "%",
          reach: { least: 100 },
        },
      );
    }
    raw.stop();
    for (const id of ids) await cancelRun(ctx, { id });
    await resumeLane(ctx, { lane: "batch" });
    return verdicts;
  },
};
