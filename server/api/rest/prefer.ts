/** How long a caller of /execute waits: what `Prefer` asks for (RFC 7240), within the settings. */
export type Wait = {
  waitMs: number;
  /** What was honoured, for the header Preference-Applied; null when nothing was asked for. */
  applied: string | null;
};

/**
 * Reads `Prefer: wait=SECONDS` and `respond-async`. A preference that makes no sense is ignored, as the RFC wants; one
 * above the maximum gets the maximum, and the answer says so.
 */
export function waitOf(prefer: string | undefined, { defaultWaitMs, maximumWaitMs }: { defaultWaitMs: number; maximumWaitMs: number }): Wait {
  const preferences = (prefer ?? "").split(",").map((part) => part.split(";")[0]?.trim().toLowerCase() ?? "");
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1]).find((seconds) => seconds !== undefined);
  if (wait !== undefined) {
    const waitMs = Math.min(Number(wait) * 1000, maximumWaitMs);
    return { waitMs, applied: `wait=${Math.floor(waitMs / 1000)}` };
  }
  if (preferences.includes("respond-async")) return { waitMs: 0, applied: "respond-async" };
  return { waitMs: Math.min(defaultWaitMs, maximumWaitMs), applied: null };
}
