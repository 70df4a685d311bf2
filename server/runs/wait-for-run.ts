import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { ENDED_STATUSES } from "../contracts/statuses.ts";
import { subscribe } from "../live/notices.ts";
import { getRun } from "./get-run.ts";

const hasEnded = (run: Run) => (ENDED_STATUSES as readonly string[]).includes(run.status);

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
      const run = await getRun(ctx, { id, include: [] });
      if (hasEnded(run)) return include.length === 0 ? run : await getRun(ctx, { id, include });
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
