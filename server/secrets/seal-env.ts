import type { Actor } from "../context.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import type { Db } from "../db/client.ts";
import type { FieldError } from "../errors.ts";
import { InvalidInputError } from "../errors.ts";
import { isId } from "../runs/run-id.ts";
import { hasRole } from "../auth/roles.ts";
import type { SecretKey } from "./key-ring.ts";
import { secretKeys } from "./key-ring.ts";
import { digestValue, openValue, sealValue } from "./seal-value.ts";
import type { StoredEnv } from "./stored-env.ts";
import { storedEnvSchema } from "./stored-env.ts";

type SubmittedEnv = NonNullable<SubmitRun["env"]>;

/**
 * A submitted environment as it is stored, and the id of the key that whoever runs it needs (null: none).
 * @throws InvalidInputError for secrets where this process has no key, and for those of a run that the caller may not take over
 */
export async function sealEnv(db: Db, actor: Actor, env: SubmittedEnv): Promise<{ env: StoredEnv; secretKey: string | null }> {
  const stored: StoredEnv = {};
  const errors: FieldError[] = [];
  let used: SecretKey | null = null;
  for (const [name, given] of Object.entries(env)) {
    if (typeof given === "string" || ("value" in given && given.secret !== true)) {
      stored[name] = typeof given === "string" ? given : given.value;
      continue;
    }
    const [key] = secretKeys();
    if (key === undefined) {
      errors.push({ path: `env.${name}`, message: "can't be kept secret here: set CORRAL_SECRETS_KEY, the same on every host" });
      continue;
    }
    const value = "value" in given ? given.value : await takenOver(db, actor, name, given.from);
    if (value === null) {
      errors.push({ path: `env.${name}`, message: "can't be taken over from that run: it has no such secret, or somebody else submitted it. Give its value" });
      continue;
    }
    used = key;
    stored[name] = { sealed: sealValue(key, name, value) };
  }
  if (errors.length > 0) throw new InvalidInputError(errors);
  return { env: stored, secretKey: used?.id ?? null };
}

/**
 * A secret of an earlier run, for a clone. Only of one's own runs, or by an administrator: else whoever may submit could have another's
 * secret printed in a way that is not masked.
 */
async function takenOver(db: Db, actor: Actor, name: string, runId: string): Promise<string | null> {
  if (!isId(runId)) return null;
  const run = await db.run.findUnique({ where: { id: runId }, select: { submitterId: true, content: { select: { env: true } } } });
  if (run === null || run.content === null) return null;
  if (run.submitterId !== actor.id && !hasRole(actor.role, "administrator")) return null;
  const stored = storedEnvSchema.parse(run.content.env)[name];
  return typeof stored === "object" ? openValue(secretKeys(), name, stored.sealed) : null;
}

/** The environment for the hash of a body: its secrets stand there as digests, which nobody can try values out on. */
export function digestEnv(env: SubmittedEnv): Record<string, unknown> {
  const [key] = secretKeys();
  return Object.fromEntries(
    Object.entries(env).map(([name, given]) =>
      typeof given === "object" && "value" in given && key !== undefined ? [name, { ...given, value: digestValue(key, name, given.value) }] : [name, given],
    ),
  );
}
