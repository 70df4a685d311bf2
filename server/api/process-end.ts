import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** What is being answered may take so long when the process is to end. */
const PATIENCE_MS = 10_000;
/** As a shell tells of a process that SIGTERM ended; Next.js ends with the same. */
const TERMINATED = 143;

let ending: AbortSignal | null = null;

/**
 * Aborted when the process is asked to stop. Next.js lets open answers finish first, and a stream or a wait may take
 * for ever: those that listen here end at once, so that a stop is a matter of a moment.
 */
export function processEnd(): AbortSignal {
  if (ending !== null) return ending;
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      controller.abort();
      // Listening took the signal's own effect away; where nobody else handles it, it is given back.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
  ending = controller.signal;
  return ending;
}

/**
 * Takes leave of callers when the process is asked to stop. Next.js waits for connections, and one that is kept alive and asked on
 * again and again would hold the process for ever: from then on each answer closes its own, and after a while the process ends. Called
 * once, before the first request.
 */
export function closeConnectionsAtEnd(): void {
  const end = processEnd();
  subscribe("http.server.request.start", (message) => {
    const { response } = message as { response: ServerResponse };
    if (end.aborted) response.setHeader("connection", "close");
  });
  end.addEventListener("abort", () => {
    setTimeout(() => process.exit(TERMINATED), PATIENCE_MS).unref();
  });
}
