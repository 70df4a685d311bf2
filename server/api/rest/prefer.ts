import { RequestRefused } from "../failure.ts";

/** How long a caller of /execute waits: what `Prefer` asks for (RFC 7240), within the settings. */
export type Wait = {
  waitMs: number;
  /** What was honoured, for the header Preference-Applied; null when nothing was asked for. */
  applied: string | null;
};

/** What a caller asked for, before it is known what the settings allow; null: nothing. */
export type AskedWait = { seconds: number } | "respond-async" | null;

/**
 * Reads `Prefer: wait=SECONDS` and `respond-async`. Other preferences are ignored, as the RFC wants.
 * @throws RequestRefused for a wait that is no number of seconds: whoever sent it would wait otherwise than he thinks.
 */
export function askedWait(prefer: string | undefined): AskedWait {
  const preferences = (prefer ?? "").split(",").map((part) => part.split(";")[0]?.trim().toLowerCase() ?? "");
  const asked = preferences.find((preference) => /^wait\s*(=|$)/.test(preference));
  if (asked === undefined) return preferences.includes("respond-async") ? "respond-async" : null;
  const seconds = /^wait\s*=\s*"?(\d{1,9})"?$/.exec(asked)?.[1];
  if (seconds !== undefined) return { seconds: Number(seconds) };
  const message = "wait must be a whole number of seconds, for example wait=60";
  throw new RequestRefused("invalid_input", `Prefer: ${message}`, [{ path: "Prefer", message }]);
}

/** A wait above the maximum gets the maximum, and the answer says so. */
export function waitOf(asked: AskedWait, { defaultWaitMs, maximumWaitMs }: { defaultWaitMs: number; maximumWaitMs: number }): Wait {
  if (asked === null) return { waitMs: Math.min(defaultWaitMs, maximumWaitMs), applied: null };
  if (asked === "respond-async") return { waitMs: 0, applied: asked };
  const waitMs = Math.min(asked.seconds * 1000, maximumWaitMs);
  return { waitMs, applied: `wait=${Math.floor(waitMs / 1000)}` };
}
