import type { Db } from "../db/client.ts";
import { firstIdAt } from "../runs/run-filter.ts";

/**
 * The audit log is kept for a year, whatever the settings keep of runs: an administrator who could shorten it could hide what they did.
 * Entries are few and small.
 */
export const AUDIT_DAYS = 365;
const DAY_MS = 24 * 3_600_000;
const BATCH = 1_000;

/** Removes audit entries that are older than a year, and sessions, links and counts of tries that are over. */
export async function purgeAccess(client: Db, now: Date): Promise<{ auditEntries: number; sessions: number }> {
  let auditEntries = 0;
  for (let removed = BATCH; removed === BATCH; auditEntries += removed) {
    removed = await client.$executeRaw`
      DELETE FROM audit_entry WHERE id IN (
        SELECT id FROM audit_entry WHERE id < ${firstIdAt(now.getTime() - AUDIT_DAYS * DAY_MS)}::uuid ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
  }
  const { count: sessions } = await client.session.deleteMany({ where: { expiresAt: { lt: now } } });
  await client.verification.deleteMany({ where: { expiresAt: { lt: now } } });
  await client.accessLink.deleteMany({ where: { expiresAt: { lt: now } } });
  await client.signInCount.deleteMany({ where: { resetsAt: { lt: now } } });
  return { auditEntries, sessions };
}
