import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { LaneState } from "../contracts/lanes.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Transaction } from "../db/client.ts";
import { publish } from "../live/notices.ts";
import { listLanes } from "./list-lanes.ts";

/** Lets a lane give out nothing more: what runs goes on, and submits are accepted and wait. Asking twice changes nothing. */
export const pauseLane = (ctx: ServiceContext, { lane }: { lane: Lane }): Promise<LaneState> =>
  turn(ctx, lane, "lane.pause", (tx) => tx.lanePause.createMany({ data: [{ lane, pausedBy: ctx.actor.name }], skipDuplicates: true }));

/** Lets it give out runs again; likewise. */
export const resumeLane = (ctx: ServiceContext, { lane }: { lane: Lane }): Promise<LaneState> =>
  turn(ctx, lane, "lane.resume", (tx) => tx.lanePause.deleteMany({ where: { lane } }));

async function turn(
  ctx: ServiceContext,
  lane: Lane,
  action: "lane.pause" | "lane.resume",
  change: (tx: Transaction) => Promise<{ count: number }>,
): Promise<LaneState> {
  await ctx.database.client.$transaction(async (tx) => {
    const { count } = await change(tx);
    if (count === 0) return;
    await recordAudit(tx, ctx, { action, target: { id: lane, name: `${lane} lane` } });
    // Workers look at their lanes again, and pages at what they show.
    await publish(tx, { kind: "worker" });
  });
  const { items } = await listLanes(ctx);
  const state = items.find((item) => item.lane === lane);
  if (state === undefined) throw new Error(`There is no lane ${lane}.`);
  return state;
}
