import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { NotFoundError } from "../errors.ts";
import { maskedEnv, storedEnvSchema } from "../secrets/stored-env.ts";
import { requireId } from "./run-id.ts";
import { outputTexts } from "./output-texts.ts";
import { readRunRow } from "./read-run-row.ts";
import { toRun } from "./to-run.ts";
import { fleetFor } from "./waiting-reason.ts";

/**
 * One run with all its attempts; on request with its script, and with its last attempt's output.
 * @throws NotFoundError
 */
export async function getRun(ctx: ServiceContext, { id, include }: { id: string; include: ("source" | "output")[] }): Promise<Run> {
  const withSource = include.includes("source");
  const [row, output] = await Promise.all([
    readRunRow(ctx.database, requireId("run", id), { withContent: withSource }),
    include.includes("output") ? outputTexts(ctx, id) : undefined,
  ]);
  if (row === null) throw new NotFoundError("run", id);
  const run = toRun(row, await fleetFor(ctx.database, [row]));
  if (row.content !== null) {
    run.source = row.content.source;
    run.stdin = row.content.stdin;
    Object.assign(run, maskedEnv(storedEnvSchema.parse(row.content.env)));
  }
  if (output !== undefined) run.output = output;
  return run;
}
