import { z } from "zod";

import { InvalidInputError } from "../errors.ts";
import { describeIssues } from "./describe-issues.ts";

/** A procedure's input parser: Zod's types, refusals in the words of every transport. */
export type Input<T extends z.ZodType> = {
  _input: z.input<T>;
  _output: z.output<T>;
  parse: (value: unknown) => z.output<T>;
};

/** Reads a procedure's input by a contract. @throws InvalidInputError naming each field, with the likely name for one that doesn't exist. */
export function input<T extends z.ZodType>(schema: T): Input<T> {
  const parse = (value: unknown) => {
    const result = schema.safeParse(value);
    if (!result.success) throw new InvalidInputError(describeIssues(result.error.issues, schema, value));
    return result.data;
  };
  // `_input` and `_output` exist for the type checker only, as they do on a Zod schema.
  return { parse } as Input<T>;
}
