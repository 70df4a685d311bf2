import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import type { RunStatus } from "../contracts/statuses.ts";
import { isEnded } from "../contracts/statuses.ts";
import { NotFoundError } from "../errors.ts";
import { subscribe } from "../live/notices.ts";
import { getRun } from "./get-run.ts";
import { requireId } from "./run-id.ts";

/** Asked at first, and when something is heard that may be its end. @throws NotFoundError */
async function hasEnded({ database }: ServiceContext, id: string): Promise<boolean> {
  const [run] = await database.rows<{ status: RunStatus }>("SELECT status FROM run WHERE id = $1", [requireId("run", id)]);
  if (run === undefined) throw new NotFoundError("run", id);
  return isEnded(run.status);
}

/**
 * Waits until a run has ended, at most `waitMs`; null when it is still open then, or when `signal` aborted the wait.
 * @throws NotFoundError
 */
export async function waitForRun(
  ctx: ServiceContext,
  { id, waitMs, signal, include = [] }: { id: string; waitMs: number; signal?: AbortSignal | undefined; include?: ("source" | "output")[] },
): Promise<Run | null> {
  const deadline = AbortSignal.any([AbortSignal.timeout(waitMs), ...(signal === undefined ? [] : [signal])]);
  let changed: (() => void) | null = null;
  let missed = false;
  const wake = () => {
    missed = true;
    changed?.();
  };
  const subscription = await subscribe(
    ctx.database,
    (notice) => {
      // That it waits or runs is no reason to look.
      if (notice.kind === "run" && notice.ids.includes(id) && (notice.to === undefined || isEnded(notice.to))) wake();
    },
    wake,
  );
  deadline.addEventListener("abort", wake);
  try {
    for (;;) {
      missed = false;
      if (await hasEnded(ctx, id)) return await getRun(ctx, { id, include });
      if (deadline.aborted) return null;
      await new Promise<void>((resolve) => {
        changed = resolve;
        if (missed) resolve();
      });
    }
  } finally {
    deadline.removeEventListener("abort", wake);
    await subscription.close();
  }
}
