// Prints a fresh one-time link that signs the administrator in. For whoever can start a process on this machine.
import { createSignInLink } from "#server/auth/sign-in-link.ts";
import { database } from "#server/db/client.ts";

try {
  process.stdout.write(`${await createSignInLink()}\n`);
} finally {
  await database().close();
}
