import { SYSTEM_ACTOR } from "#server/context.ts";
import { submitRunSchema } from "#server/contracts/runs.ts";
import { openQueue } from "#server/queue/queue.ts";
import { deliveryOf } from "#server/runs/delivery-of.ts";
import { submitBatch } from "#server/runs/submit-batch.ts";
import { randomUUID } from "node:crypto";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { median } from "../statistics.ts";

const ROUNDS = 15;
const RUNS = 1_000;
const LEAST = 0.5;

export const batchSubmitLine: Line = {
  number: 10,
  title: `submit by batch of ${RUNS}`,
  peer: "pg-boss's insert of as many jobs",
  measure: async (ground) => {
    const database = await ground.database("batch");
    const queue = await openQueue(database, "web");
    const ctx = { database, queue, actor: SYSTEM_ACTOR };
    const runs = Array.from({ length: RUNS }, (_, index) => submitRunSchema.parse({ name: `bench ${index}`, language: "bash", source: "true" }));
    const { items } = await submitBatch(ctx, { runs });
    const rows = await database.client.run.findMany({ where: { id: { in: items.map(({ id }) => id) } } });
    const times = await timeInTurns(
      {
        insert: () =>
          database.client.$transaction((tx) =>
            queue.enqueue(
              tx,
              rows.map((row) => deliveryOf(row, randomUUID(), null)),
            ),
          ),
        corral: async () => {
          await submitBatch(ctx, { runs });
        },
      },
      { rounds: ROUNDS },
    );
    await queue.stop();
    return [
      {
        what: "runs a second",
        corral: inMs(times.corral),
        beside: inMs(times.insert),
        value: median(times.insert) / median(times.corral),
        unit: "×",
        reach: { least: LEAST },
      },
    ];
  },
};
