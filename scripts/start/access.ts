import { ensureBootstrapToken } from "#server/auth/api-tokens.ts";
import { createSignInLink } from "#server/auth/sign-in-link.ts";
import { config } from "#server/config.ts";
import { database } from "#server/db/client.ts";

// A process of its own, beside the start of the others: makes the first ways in and prints the sign-in link.
try {
  const { bootstrapToken } = config();
  if (bootstrapToken !== null) await ensureBootstrapToken(bootstrapToken);
  process.stdout.write(`${await createSignInLink()}\n`);
} finally {
  await database().close();
}
