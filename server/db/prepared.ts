import type { QueryConfig } from "pg";

/** Ours are some dozens. One that a caller made up as it went would fill every connection's memory. */
const MOST = 200;

const names = new Map<string, string>();

/**
 * A statement that each connection plans once, not each time: planning what a run passes costs PostgreSQL more than doing it. For text
 * that is the same at every call, and whose best plan does not hang on its values.
 */
export function prepared(text: string, values: unknown[] = []): QueryConfig {
  let name = names.get(text);
  if (name === undefined && names.size < MOST) {
    name = `corral_${names.size + 1}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values } : { name, text, values };
}
