import type { RunSummary } from "../contracts/runs.ts";
import type { Database } from "../db/client.ts";
import { toRunSummary } from "./to-run.ts";
import { fleetFor } from "./waiting-reason.ts";

/** The list rows of certain runs, newest first. */
export async function summarizeRuns(database: Database, ids: string[]): Promise<RunSummary[]> {
  const rows = await database.client.run.findMany({
    where: { id: { in: ids } },
    orderBy: { id: "desc" },
    include: { attempts: { orderBy: { number: "desc" }, take: 1 } },
  });
  const fleet = await fleetFor(database, rows);
  return rows.map((row) => toRunSummary(row, fleet));
}
