import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** What one process counts of itself; facts about runs come from the database (server/tally). */
export type ProcessMetrics = {
  registry: Registry;
  /** @param route the path as documented, so that there are never more of them than there are routes */
  countRequest: (request: { method: string; route: string; status: number; seconds: number }) => void;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

function createProcessMetrics(): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "corral_http_requests_total",
    help: "Requests that this process answered",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "corral_http_request_duration_seconds",
    help: "Until the answer began; /execute waits for its run",
    labelNames: ["method", "route"],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    countRequest: ({ method, route, status, seconds }) => {
      requests.inc({ method, route, status: String(status) });
      durations.observe({ method, route }, seconds);
    },
  };
}

// Pages have a copy of each module in their bundle; what is counted is the process's.
const holder = globalThis as typeof globalThis & { corralMetrics?: ProcessMetrics };

/** This process's metrics, made at first use. */
export function processMetrics(): ProcessMetrics {
  holder.corralMetrics ??= createProcessMetrics();
  return holder.corralMetrics;
}
