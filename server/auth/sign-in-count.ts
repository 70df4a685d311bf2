import { createHash } from "node:crypto";

import type { Database } from "../db/client.ts";

const WINDOW_S = 600;

/**
 * Tries allowed in a window. Few for one account from one address; many more for an account from everywhere, so that nobody can
 * lock another out from a single machine; and a bound for one address over all accounts.
 */
export const SIGN_IN_TRIES = { pair: 10, account: 100, address: 50 } as const;

export type SignInTry = { email: string; address: string | null };

const accountOf = (email: string) => createHash("sha256").update(email.trim().toLowerCase()).digest("hex").slice(0, 32);

function keysOf({ email, address }: SignInTry): { key: string; max: number }[] {
  const account = accountOf(email);
  return [
    { key: `pair:${account}:${address ?? "unknown"}`, max: SIGN_IN_TRIES.pair },
    { key: `account:${account}`, max: SIGN_IN_TRIES.account },
    ...(address === null ? [] : [{ key: `address:${address}`, max: SIGN_IN_TRIES.address }]),
  ];
}

/** `begins`: this try is the first that is refused, and so worth an entry. */
export type Counted = { allowed: true } | { allowed: false; retryAfterS: number; begins: boolean };

/**
 * Counts a try before it is made, in the database: however many processes are asked at once, no more passwords are compared
 * than are allowed.
 */
export async function countSignIn({ client }: Pick<Database, "client">, wanted: SignInTry): Promise<Counted> {
  let refused: Counted | null = null;
  for (const { key, max } of keysOf(wanted)) {
    const [row] = await client.$queryRaw<{ count: number; leftS: number }[]>`
      INSERT INTO sign_in_count AS counted (key, count, resets_at) VALUES (${key}, 1, clock_timestamp() + make_interval(secs => ${WINDOW_S}))
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counted.resets_at <= clock_timestamp() THEN 1 ELSE counted.count + 1 END,
        resets_at = CASE WHEN counted.resets_at <= clock_timestamp() THEN excluded.resets_at ELSE counted.resets_at END
      RETURNING count, ceil(extract(epoch FROM resets_at - clock_timestamp()))::int AS "leftS"`;
    if (row === undefined || row.count <= max) continue;
    refused ??= { allowed: false, retryAfterS: Math.max(1, row.leftS), begins: row.count === max + 1 };
  }
  return refused ?? { allowed: true };
}

/** Forgets an account's tries from an address after a good one, and takes that one back from the others. */
export async function forgiveSignIn({ client }: Pick<Database, "client">, wanted: SignInTry): Promise<void> {
  const [pair, ...rest] = keysOf(wanted).map(({ key }) => key);
  await client.$executeRaw`UPDATE sign_in_count SET count = greatest(0, count - 1) WHERE key = ANY(${rest})`;
  await client.signInCount.deleteMany({ where: { key: pair ?? "" } });
}
