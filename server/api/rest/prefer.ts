import { RequestRefused } from "../failure.ts";

/** How long a caller of /execute waits: what `Prefer` asks for (RFC 7240), within the settings. */
export type Wait = {
  waitMs: number;
  /** What was honoured, for the header Preference-Applied; null when nothing was asked for. */
  applied: string | null;
};

/**
 * Reads `Prefer: wait=SECONDS` and `respond-async`. Other preferences are ignored, as the RFC wants; a wait above the maximum gets the
 * maximum, and the answer says so.
 * @throws RequestRefused for a wait that is no number of seconds: whoever sent it would wait otherwise than he thinks.
 */
export function waitOf(prefer: string | undefined, { defaultWaitMs, maximumWaitMs }: { defaultWaitMs: number; maximumWaitMs: number }): Wait {
  const preferences = (prefer ?? "").split(",").map((part) => part.split(";")[0]?.trim().toLowerCase() ?? "");
  const asked = preferences.find((preference) => /^wait\s*(=|$)/.test(preference));
  if (asked !== undefined) {
    const seconds = /^wait\s*=\s*"?(\d{1,9})"?$/.exec(asked)?.[1];
    if (seconds === undefined) {
      const message = "wait must be a whole number of seconds, for example wait=60";
      throw new RequestRefused("invalid_input", `Prefer: ${message}`, [{ path: "Prefer", message }]);
    }
    const waitMs = Math.min(Number(seconds) * 1000, maximumWaitMs);
    return { waitMs, applied: `wait=${Math.floor(waitMs / 1000)}` };
  }
  if (preferences.includes("respond-async")) return { waitMs: 0, applied: "respond-async" };
  return { waitMs: Math.min(defaultWaitMs, maximumWaitMs), applied: null };
}
