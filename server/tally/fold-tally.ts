import type { Database } from "../db/client.ts";
import { sql } from "../db/sql.ts";
import { foldRows } from "./fold-rows.ts";

/** Keeps the sum of the tally cheap. */
export const foldTally = (database: Pick<Database, "client">): Promise<void> =>
  foldRows(database, { table: "tally", keys: ["kind", "lane", "label"], sums: ["count", "ms"], few: sql`1000` });
