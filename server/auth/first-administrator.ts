import { randomUUID } from "node:crypto";

import { database } from "../db/client.ts";
import type { Database } from "../db/client.ts";

/** Nobody is written to there; it is the name to sign in by until the administrator gives another. */
const EMAIL = "administrator@corral.local";

/** Makes the first administrator where there is none, and returns the address of one that may sign in. */
export async function ensureFirstAdministrator({ client }: Pick<Database, "client"> = database()): Promise<string> {
  const existing = await client.user.findFirst({
    where: { role: "administrator", disabledAt: null, activatedAt: { not: null } },
    orderBy: { createdAt: "asc" },
    select: { email: true },
  });
  if (existing !== null) return existing.email;
  // Two processes may be first at once: the address is unique, one row stays.
  const now = new Date();
  await client.user.createMany({
    data: [{ id: randomUUID(), name: "Administrator", email: EMAIL, emailVerified: true, role: "administrator", updatedAt: now, activatedAt: now }],
    skipDuplicates: true,
  });
  return EMAIL;
}
