const SIGNALS = ["SIGTERM", "SIGINT"] as const;

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
