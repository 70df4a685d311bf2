import { createHash, hkdfSync } from "node:crypto";

import { config } from "../config.ts";

/** A key that secret environment values are encrypted with. Its id is stored beside what it encrypted, and says nothing of the key. */
export type SecretKey = { id: string; key: Buffer };

const PURPOSE = "corral: secret environment values, version 1";

/** The key that a text stands for: CORRAL_SECRETS_KEY, or the secret that signs sessions, from which nobody gets back to it. */
export function keyFrom(material: string): SecretKey {
  const key = Buffer.from(hkdfSync("sha256", material, "", PURPOSE, 32));
  return { id: createHash("sha256").update(key).digest("hex").slice(0, 12), key };
}

let ring: SecretKey[] | undefined;

/**
 * The keys of this process, the one to encrypt with first. A worker on another host has none if it was given neither CORRAL_SECRETS_KEY nor
 * CORRAL_AUTH_SECRET: it then leaves runs with secrets to others.
 */
export function secretKeys(): readonly SecretKey[] {
  const { secretsKeys, authSecret } = config();
  // The derived key stays readable after somebody sets one of their own.
  ring ??= [...secretsKeys, ...(authSecret === null ? [] : [authSecret])].map(keyFrom);
  return ring;
}
