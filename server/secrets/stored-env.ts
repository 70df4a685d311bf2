import { z } from "zod";

import type { SecretKey } from "./key-ring.ts";
import { openValue } from "./seal-value.ts";

/** What stands where a secret is, in answers and in output. */
const MASK = "••••";

/** A run's environment as it is stored: what is secret is sealed. */
export const storedEnvSchema = z.record(z.string(), z.union([z.string(), z.strictObject({ sealed: z.string() })]));
export type StoredEnv = z.infer<typeof storedEnvSchema>;

/** The environment as anybody may see it, and the names of those values that they may not. */
export function maskedEnv(env: StoredEnv): { env: Record<string, string>; secretEnv: string[] } {
  const entries = Object.entries(env);
  return {
    env: Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? value : MASK])),
    secretEnv: entries.flatMap(([name, value]) => (typeof value === "string" ? [] : [name])),
  };
}

/** The environment as the script gets it, and the values that its output must not show. @throws when a value can't be decrypted here */
export function openEnv(keys: readonly SecretKey[], env: StoredEnv): { env: Record<string, string>; secrets: string[] } {
  const secrets: string[] = [];
  const opened = Object.entries(env).map(([name, value]) => {
    if (typeof value === "string") return [name, value] as const;
    const secret = openValue(keys, name, value.sealed);
    secrets.push(secret);
    return [name, secret] as const;
  });
  return { env: Object.fromEntries(opened), secrets };
}
