/** One thing looked at. A `warning` is something that works less well than it could, `failed` what no worker starts with. */
export type Check = {
  id: string;
  title: string;
  status: "ok" | "warning" | "failed";
  /** What was found, in one sentence or less. */
  found: string;
  /** What to do about it; null when there is nothing to do. */
  remedy: string | null;
};

export type CheckResult = Pick<Check, "status" | "found" | "remedy">;

export const ok = (found: string): CheckResult => ({ status: "ok", found, remedy: null });
export const warning = (found: string, remedy: string): CheckResult => ({ status: "warning", found, remedy });
/** @param remedy null where what was found already says it, as the executor's own refusals do */
export const failed = (found: string, remedy: string | null): CheckResult => ({ status: "failed", found, remedy });

/** What broke a check is what was found; the executor's own refusals name their remedy. */
export const failedBy = (error: unknown): CheckResult => failed(error instanceof Error ? error.message : String(error), null);

/** Runs a check; one that itself breaks is one that failed, with what broke it. */
export async function check(id: string, title: string, look: () => Promise<CheckResult> | CheckResult): Promise<Check> {
  try {
    return { id, title, ...(await look()) };
  } catch (error) {
    return { id, title, ...failedBy(error) };
  }
}

/** What was found, and what to do about it. */
export const inWords = ({ found, remedy }: CheckResult): string => (remedy === null ? found : `${found} ${remedy}`);
