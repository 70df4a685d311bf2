import { describe, expect, test, vi } from "vitest";
import type { z } from "zod";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { readLinkSchema, redeemLinkSchema, signInSchema } from "../contracts/access.ts";
import { exportDeadLettersSchema } from "../contracts/dead-letters.ts";
import { appRouter } from "./app-router.ts";

/** PostgreSQL takes no NUL: a text that gets so far with one would be our own fault. So each text of an input says no to it by itself. */

type Schema = z.core.$ZodType & { safeParse: (value: unknown) => { success: boolean } };
type Inner = { def: Record<string, unknown> & { type: string } };

/** A password is hashed, never stored or looked for. */
const HASHED = /password/i;
/** As long as any text has to be, and no longer than any may be. */
const WITH_NUL = [`${"x".repeat(30)}\0`, "\0", "a\0b"];

function* textsOf(schema: Schema, path: string): Generator<{ path: string; schema: Schema }> {
  const { def } = schema as unknown as Inner;
  const inner = (key: string) => def[key] as Schema;
  switch (def.type) {
    case "string":
      yield { path, schema };
      break;
    case "object":
      for (const [name, of] of Object.entries(def["shape"] as Record<string, Schema>)) yield* textsOf(of, `${path}.${name}`);
      break;
    case "array":
      yield* textsOf(inner("element"), `${path}[]`);
      break;
    case "record":
      yield* textsOf(inner("keyType"), `${path}{key}`);
      yield* textsOf(inner("valueType"), `${path}{}`);
      break;
    case "union":
      for (const of of def["options"] as Schema[]) yield* textsOf(of, path);
      break;
    case "intersection":
      yield* textsOf(inner("left"), path);
      yield* textsOf(inner("right"), path);
      break;
    case "pipe":
      // A text that is changed is judged by all that is done to it.
      if ((inner("in") as unknown as Inner).def.type === "string") yield { path, schema };
      else yield* textsOf(inner("in"), path);
      break;
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "nonoptional":
      yield* textsOf(inner("innerType"), path);
      break;
    case "number":
    case "int":
    case "boolean":
    case "enum":
    case "literal":
    case "null":
    case "undefined":
    case "date":
    // What is not looked at.
    case "unknown":
      break;
    default:
      throw new Error(`${path} is a ${def.type}; say here what texts it holds.`);
  }
}

const procedures = Object.entries<unknown>(appRouter._def.procedures) as [string, { _def: { inputs: { schema: Schema }[] } }][];
const inputs: [string, Schema][] = [
  ...procedures.flatMap(([name, { _def }]) => _def.inputs.map(({ schema }): [string, Schema] => [name, schema])),
  ["sign-in", signInSchema],
  ["links/read", readLinkSchema],
  ["links/redeem", redeemLinkSchema],
  ["export", exportDeadLettersSchema],
];

describe("every text of an input", () => {
  const texts = inputs.flatMap(([name, schema]) => [...textsOf(schema, name)]).filter(({ path }) => !HASHED.test(path));

  test("is looked at", () => {
    expect(texts.length).toBeGreaterThan(40);
  });

  test.each(texts)("$path refuses a NUL", ({ schema }) => {
    for (const text of WITH_NUL) expect([text, schema.safeParse(text).success]).toEqual([text, false]);
  });
});
