import type { Transaction } from "../db/client.ts";
import { ConflictError } from "../errors.ts";

/**
 * Holds all administrators who may sign in against every other change, in one order, so that of two changes at once the second sees
 * what the first has done. Called before any other row of a user is held.
 */
export async function lockAdministrators(tx: Transaction): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM "user" WHERE role = 'administrator' AND disabled_at IS NULL AND activated_at IS NOT NULL ORDER BY id FOR UPDATE`;
  return new Set(rows.map(({ id }) => id));
}

/** @throws ConflictError when nobody would be left who may administer */
export function requireOtherAdministrator(administrators: ReadonlySet<string>, leaving: string): void {
  if (!administrators.has(leaving) || administrators.size > 1) return;
  throw new ConflictError("This is the last administrator; without one nobody could let anybody in again. Make somebody else an administrator first.");
}
