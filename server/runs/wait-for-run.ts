import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import type { RunStatus } from "../contracts/statuses.ts";
import { isEnded } from "../contracts/statuses.ts";
import { NotFoundError } from "../errors.ts";
import { subscribe } from "../live/notices.ts";
import { createWakeSignal } from "../live/wake-signal.ts";
import { getRun } from "./get-run.ts";
import { requireId } from "./run-id.ts";

/** Who was placed a moment ago is asked after so long whether it ended before anybody listened, milliseconds: its end is heard as a rule. */
const UNHEARD_MS = 100;

/** Asked when it may have ended unheard. @throws NotFoundError */
async function hasEnded({ database }: ServiceContext, id: string): Promise<boolean> {
  const [run] = await database.rows<{ status: RunStatus }>("SELECT status FROM run WHERE id = $1", [requireId("run", id)]);
  if (run === undefined) throw new NotFoundError("run", id);
  return isEnded(run.status);
}

/**
 * Waits until a run has ended, at most `waitMs`; null when it is still open then, or when `signal` aborted the wait.
 * @param isNew it was placed just now: there is no need to look before anything is heard of it
 * @throws NotFoundError
 */
export async function waitForRun(
  ctx: ServiceContext,
  {
    id,
    waitMs,
    isNew,
    signal,
    include = [],
  }: { id: string; waitMs: number; isNew: boolean; signal?: AbortSignal | undefined; include?: ("source" | "output")[] },
): Promise<Run | null> {
  const deadline = AbortSignal.any([AbortSignal.timeout(waitMs), ...(signal === undefined ? [] : [signal])]);
  const wakes = createWakeSignal();
  let isToldEnded = false;
  const subscription = await subscribe(
    ctx.database,
    (notice) => {
      if (notice.kind !== "run" || !notice.ids.includes(id)) return;
      // That it waits or runs is no reason to look.
      if (notice.to !== undefined && !isEnded(notice.to)) return;
      isToldEnded ||= notice.to !== undefined;
      wakes.wake();
    },
    wakes.wake,
  );
  deadline.addEventListener("abort", wakes.wake);
  const unheard = isNew ? setTimeout(wakes.wake, UNHEARD_MS) : undefined;
  try {
    if (isNew && !deadline.aborted) await wakes.next();
    for (;;) {
      const run = isToldEnded || (await hasEnded(ctx, id)) ? await getRun(ctx, { id, include }) : null;
      // Somebody may have retried it in the meantime.
      if (run !== null && isEnded(run.status)) return run;
      isToldEnded = false;
      if (deadline.aborted) return null;
      await wakes.next();
    }
  } finally {
    clearTimeout(unheard);
    deadline.removeEventListener("abort", wakes.wake);
    await subscription.close();
  }
}
