import fc from "fast-check";

import { resolve } from "../openapi.ts";
import type { Schema } from "../openapi.ts";

/** What has broken programs before: NULs, half characters, names of prototypes, other people's syntax, numbers at their edges. */
const NASTY_TEXTS = [
  "",
  " ",
  "\0",
  "\ud800",
  "\udc00x",
  "é\u0301",
  "\u202Egnp.exe",
  "__proto__",
  "constructor",
  "'; DROP TABLE run; --",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "..\\..\\windows",
  "%00",
  "a\r\nSet-Cookie: x=y",
  "${7*7}",
  "{{7*7}}",
  "x".repeat(10_000),
  "null",
  "NaN",
  "1e400",
];
const NASTY_NUMBERS = [-1, 0, -0, 0.5, 1e-9, 2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308];

/** Texts nobody thought of. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: "binary", maxLength: 40 }));

/** Values of any kind. */
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(...NASTY_NUMBERS, null, true, false, [], {}, [[]], [null], { "": null }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Values that a schema allows. */
export function validValue(root: unknown, given: Schema): fc.Arbitrary<unknown> {
  const schema = resolve(root, given);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => validValue(root, branch)));
  const types = [schema.type ?? "any"].flat();
  return fc.oneof(...types.map((type) => ofType(root, schema, type)));
}

function ofType(root: unknown, schema: Schema, type: string): fc.Arbitrary<unknown> {
  if (type === "object") return validObject(root, schema);
  if (type === "array") {
    const items = validValue(root, schema.items ?? {});
    return fc.array(items, { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4) });
  }
  if (type === "string") return validText(schema);
  if (type === "integer" || type === "number") return validNumber(schema, type);
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  return fc.jsonValue({ maxDepth: 1 });
}

function validText({ format, pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === "date-time") {
    return fc.date({ min: new Date(0), max: new Date("2999-12-31"), noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength, minLength + 30) });
}

function validNumber({ minimum, exclusiveMinimum, maximum }: Schema, type: string): fc.Arbitrary<number> {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000 : exclusiveMinimum + 1);
  const max = Math.min(maximum ?? min + 1_000_000, Number.MAX_SAFE_INTEGER);
  return type === "integer" ? fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)) : fc.double({ min, max, noNaN: true });
}

function validObject(root: unknown, { properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const named = fc.record(Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, validValue(root, property)])), {
    requiredKeys: required,
  });
  if (typeof additionalProperties !== "object" || Object.keys(properties).length > 0) return named;
  return fc.dictionary(fc.stringMatching(/^[A-Za-z_]\w{0,10}$/), validValue(root, additionalProperties), { maxKeys: 4 });
}

/** A value that was right, with one part of it made wrong: replaced, removed, or another one put beside it. */
export const brokenValue = (root: unknown, schema: Schema): fc.Arbitrary<unknown> =>
  fc.tuple(validValue(root, schema), nastyValue, fc.nat(), fc.constantFrom("replace", "remove", "add")).map(([value, nasty, where, how]) => {
    const places = placesOf(value);
    const place = places[where % places.length] ?? [];
    if (how === "add") return change(value, [...place.slice(0, -1), "unheardOf"], () => nasty);
    return change(value, place, () => (how === "remove" ? undefined : nasty));
  });

function placesOf(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [at];
  return [...(at.length === 0 ? [] : [at]), ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...at, key]))];
}

function change(value: unknown, [key, ...rest]: string[], to: () => unknown): unknown {
  if (key === undefined) return to();
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (String(index) === key ? change(entry, rest, to) : entry));
  if (typeof value !== "object" || value === null) return to();
  return { ...value, [key]: change((value as Record<string, unknown>)[key], rest, to) };
}
