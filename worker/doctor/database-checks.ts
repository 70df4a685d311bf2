import { openDatabase } from "#server/db/client.ts";

import { check, failed, ok, warning } from "./check.ts";
import type { Check, CheckResult } from "./check.ts";

const OLDEST_POSTGRES = 13;
const SKEW_MS = 2_000;

/** The database that a worker would use, and its clock, which rules. @param url null: none runs yet */
export async function checkDatabase(url: string | null): Promise<Check[]> {
  if (url === null) return [await check("database", "Database", () => ok("embedded; npm start makes and starts it"))];
  const database = openDatabase(url, 1);
  try {
    const began = Date.now();
    const { rows } = await database.pool.query<{ version: number; now: Date }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS version, clock_timestamp() AS now",
    );
    const [row] = rows;
    if (row === undefined) throw new Error("The database gave no answer.");
    const skewMs = Math.round(row.now.getTime() - (began + Date.now()) / 2);
    return [await check("database", "Database", () => version(row.version)), await check("clock", "Clock", () => clock(skewMs))];
  } catch (error) {
    const said = error instanceof AggregateError ? String(error.errors[0]) : String(error);
    return [
      await check("database", "Database", () =>
        failed(`It can't be reached (${said}).`, "Check DATABASE_URL: its host and port, its user and password, and that it runs."),
      ),
    ];
  } finally {
    await database.close();
  }
}

function version(major: number): CheckResult {
  if (major >= OLDEST_POSTGRES) return ok(`PostgreSQL ${major}`);
  return failed(`PostgreSQL ${major} is too old.`, `Use PostgreSQL ${OLDEST_POSTGRES} or newer.`);
}

function clock(skewMs: number): CheckResult {
  if (Math.abs(skewMs) <= SKEW_MS) return ok("agrees with the database's");
  const seconds = Math.abs(skewMs / 1000).toFixed(1);
  return warning(
    `This host's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the database's. Leases keep to the database's; times of output are this host's.`,
    "Turn time synchronisation on: timedatectl set-ntp true.",
  );
}
