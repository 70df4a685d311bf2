import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { ENDED_STATUSES } from "../contracts/statuses.ts";
import { NotFoundError } from "../errors.ts";
import { subscribe } from "../live/notices.ts";
import { getRun } from "./get-run.ts";
import { requireId } from "./run-id.ts";

/** Asked at every notice of the run: all of it is read once. @throws NotFoundError */
async function hasEnded({ database }: ServiceContext, id: string): Promise<boolean> {
  const [run] = await database.rows<{ ended: boolean }>("SELECT status::text = ANY($2) AS ended FROM run WHERE id = $1", [
    requireId("run", id),
    ENDED_STATUSES,
  ]);
  if (run === undefined) throw new NotFoundError("run", id);
  return run.ended;
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
      if (notice.kind === "run" && notice.ids.includes(id)) wake();
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
