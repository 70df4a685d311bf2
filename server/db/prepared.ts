import { createHash } from "node:crypto";

import type { QueryConfig } from "pg";

/** Ours are some dozens. One that a caller made up as it went would fill every connection's memory. */
const MOST = 200;

/** By their text: this module may be loaded more than once a process, and all of them share its connections. */
const names = new Map<string, string>();

/**
 * A statement that each connection plans once, not each time: planning what a run passes costs PostgreSQL more than doing it. For text
 * that is the same at every call, and whose best plan does not hang on its values.
 */
export function prepared(text: string, values: unknown[] = []): QueryConfig {
  let name = names.get(text);
  if (name === undefined && names.size < MOST) {
    name = `corral_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values } : { name, text, values };
}
