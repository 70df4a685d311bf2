import type { Database } from "../db/client.ts";
import { sql } from "../db/sql.ts";
import { foldRows } from "../tally/fold-rows.ts";

/** Keeps the sums of dead letters cheap; each group needs some rows of its own. */
export const foldCounts = (database: Pick<Database, "client">): Promise<void> =>
  foldRows(database, {
    table: "dead_letter_count",
    keys: ["fingerprint", "outcome", "language"],
    sums: ["count"],
    few: sql`(SELECT 1000 + 4 * count(*) FROM dead_letter_group)`,
  });
