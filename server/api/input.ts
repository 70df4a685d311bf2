import type { z } from "zod";

import { InvalidInputError } from "../errors.ts";
import { describeIssues } from "./describe-issues.ts";

/** A procedure's input parser: Zod's types, refusals in the words of every transport. */
export type Input<T extends z.ZodType> = {
  _input: z.input<T>;
  _output: z.output<T>;
  /** The contract itself, for who looks at all of them. */
  schema: T;
  parse: (value: unknown) => z.output<T>;
};

/**
 * Reads a procedure's input by a contract. Where the caller's own body is one field of it (`body`), refusals are told
 * by the body's paths, as they are by the verbs.
 * @throws InvalidInputError naming each field, with the likely name for one that doesn't exist.
 */
export function input<T extends z.ZodType>(schema: T, { body }: { body?: string } = {}): Input<T> {
  const parse = (value: unknown) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const fields = describeIssues(result.error.issues, schema, value);
    const prefix = body === undefined ? "" : `${body}.`;
    throw new InvalidInputError(fields.map(({ path, message }) => ({ path: path.startsWith(prefix) ? path.slice(prefix.length) : path, message })));
  };
  // `_input` and `_output` exist for the type checker only, as they do on a Zod schema.
  return { schema, parse } as Input<T>;
}
