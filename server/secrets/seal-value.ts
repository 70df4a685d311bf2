import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

import type { SecretKey } from "./key-ring.ts";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([0-9a-f]{12})\.([\w-]+)$/;

/** Encrypts a value so that only a holder of the key reads it, and only as the value of that name: `v1.<key id>.<base64url>`. */
export function sealValue({ id, key }: SecretKey, name: string, value: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(name));
  const encrypted = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return `v1.${id}.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString("base64url")}`;
}

/** The id of the key that a sealed value needs. @throws for a text that is none */
export function keyIdOf(sealed: string): string {
  const id = SEALED.exec(sealed)?.[1];
  if (id === undefined) throw new Error("A stored secret is not one that this version of Corral wrote.");
  return id;
}

/** Decrypts it. @throws naming what is missing or wrong, never the value */
export function openValue(keys: readonly SecretKey[], name: string, sealed: string): string {
  const id = keyIdOf(sealed);
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined)
    throw new Error(`This host does not have the key ${id} that ${name} was encrypted with. Set CORRAL_SECRETS_KEY as where it was submitted.`);
  const bytes = Buffer.from(SEALED.exec(sealed)?.[2] ?? "", "base64url");
  const decipher = createDecipheriv(CIPHER, key.key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    throw new Error(`The stored value of ${name} was changed since it was encrypted.`);
  }
}

/** Stands for a value where only sameness matters (an idempotency key's body): nobody without the key can try values out on it. */
export function digestValue({ key }: SecretKey, name: string, value: string): string {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex");
}
