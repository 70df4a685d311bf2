import { config } from "../config.ts";
import type { Limits } from "../contracts/policy.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { settingsValuesSchema } from "../contracts/settings.ts";
import type { Database, Db, Transaction } from "../db/client.ts";
import type { SettingsVersion } from "../db/generated/client.ts";
import { requireThat } from "../db/sql-transaction.ts";
import type { SqlRunner } from "../db/sql-transaction.ts";
import { ceilingsFor, firstSettings, localHost } from "./first-settings.ts";
import type { HostSize } from "./first-settings.ts";

const lastRead = new WeakMap<Database, SettingsInForce>();

/** The settings as this process last read them, for who then has the database say that they are in force (requireInForce); null before. */
export const settingsLastRead = (db: Database): SettingsInForce | null => lastRead.get(db) ?? null;

/** Fails, as `isUnmet` tells, unless these settings are in force: their version, and no other of that number, as after a database was restored. */
export async function requireInForce(sql: SqlRunner, { version, row }: SettingsInForce): Promise<void> {
  await requireThat(sql, "SELECT version = $1 AND created_at = $2 FROM settings_version ORDER BY version DESC LIMIT 1", [version, row.createdAt]);
}

export type SettingsInForce = { version: number; values: SettingsValues; row: SettingsVersion };

/**
 * The settings in force. The first reader of a new database writes version 1 from the environment.
 * @param sql where they are read, if not by a statement of their own
 */
export async function readSettings(db: Database | Transaction, sql?: SqlRunner): Promise<SettingsInForce> {
  const newest = "rows" in db ? await readNewest(sql ?? db) : await db.settingsVersion.findFirst({ orderBy: { version: "desc" } });
  const row = newest ?? (await writeFirstSettings("rows" in db ? db.client : db));
  const read = { version: row.version, values: settingsValuesSchema.parse(row.values), row };
  if ("rows" in db) lastRead.set(db, read);
  return read;
}

/** Every submit reads them. */
async function readNewest({ rows }: SqlRunner): Promise<SettingsVersion | null> {
  const [newest] = await rows<SettingsVersion>(
    `SELECT version, values, created_at AS "createdAt", created_by AS "createdBy" FROM settings_version ORDER BY version DESC LIMIT 1`,
  );
  return newest ?? null;
}

async function writeFirstSettings(db: Db): Promise<SettingsVersion> {
  const values = firstSettings(config().firstSettings, await largestHost(db));
  // Two processes may be first at once: version 1 is written by whichever comes first and read by both.
  await db.settingsVersion.createMany({ data: { version: 1, values, createdBy: "Corral" }, skipDuplicates: true });
  return db.settingsVersion.findFirstOrThrow({ orderBy: { version: "desc" } });
}

/** The most that a run can be given: what the largest live worker's host has; this host's size while none lives. */
export async function readCeilings(db: Db): Promise<Limits> {
  return ceilingsFor(await largestHost(db));
}

async function largestHost(db: Db): Promise<HostSize> {
  const largest = await db.worker.aggregate({
    where: { status: { in: ["active", "draining"] } },
    _max: { hostMemoryBytes: true, hostCpuMillis: true },
  });
  const { hostMemoryBytes, hostCpuMillis } = largest._max;
  if (hostMemoryBytes === null || hostCpuMillis === null) return localHost();
  return { memoryBytes: Number(hostMemoryBytes), cpuMillis: hostCpuMillis };
}
