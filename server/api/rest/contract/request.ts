import fc from "fast-check";

import type { Role } from "../../../contracts/statuses.ts";
import { ROLES } from "../../../contracts/statuses.ts";
import { brokenValue, nastyText, validValue } from "./arbitrary.ts";
import type { Operation, Parameter, Schema } from "../openapi.ts";

/** A request as it is sent. */
export type Wire = { as: Role | null; path: string; headers: Record<string, string>; body: string | null };

/** Ids that exist, by the name of the parameter and the start of the path. */
export type Known = (path: string, parameter: string) => readonly string[];

const headerText = fc.oneof(nastyText, fc.string({ unit: "binary-ascii", maxLength: 300 })).map((text) => text.replaceAll(/[^\x20-\x7e]/g, "").trim());

/** Requests to an operation, most of them right but for one thing. */
export function requestTo(root: unknown, template: string, operation: Operation, known: Known): fc.Arbitrary<Wire> {
  const parameters = operation.parameters ?? [];
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const path = fc.record(Object.fromEntries(inPath.map(({ name }) => [name, pathText(known(template, name))])));
  const query = fc.tuple(
    ...parameters.filter((parameter) => parameter.in === "query").map((parameter) => queryPairs(root, parameter, known(template, parameter.name))),
  );
  const unheardOf = rarely(
    fc.tuple(fc.constantFrom("unheardOf", "staus", "limt", "__proto__", "token"), nastyText).map((pair) => [pair]),
    [],
  );
  const headers = fc.record(Object.fromEntries(parameters.filter((parameter) => parameter.in === "header").map((one) => [one.name, headerValue(one)])));
  return fc
    .record({
      as: fc.oneof({ arbitrary: fc.constant("administrator" as const), weight: 8 }, { arbitrary: fc.constantFrom<Role | null>(...ROLES, null), weight: 2 }),
      path,
      query,
      unheardOf,
      headers,
      body: bodyText(root, operation),
    })
    .map(({ as, path: inPath, query: pairs, unheardOf: more, headers: given, body }) => {
      const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(inPath[name] ?? ""));
      const search = [...pairs.flat(), ...more].map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
      return {
        as,
        path: search === "" ? filled : `${filled}?${search}`,
        headers: Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
        body,
      };
    });
}

/** What is no text can't be in an address; a client would send the replacement character. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed());

const rarely = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T) => fc.oneof({ arbitrary: fc.constant(otherwise), weight: 9 }, { arbitrary, weight: 1 });

/** Never empty, nor dots: either would be another path. */
const pathText = (ids: readonly string[]) => {
  const nasty = nastyText.filter((text) => text !== "" && !/^\.+$/.test(text)).map((text) => text.slice(0, 500));
  return ids.length === 0 ? nasty : fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 6 }, { arbitrary: nasty, weight: 1 });
};

function queryPairs(root: unknown, { name, schema, required }: Parameter, ids: readonly string[]): fc.Arbitrary<[string, string][]> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const right = ids.length > 0 ? fc.constantFrom(...ids) : validValue(root, schema);
  const given = fc
    .oneof({ arbitrary: right, weight: 4 }, { arbitrary: nastyText, weight: 1 })
    .map((value): [string, string][] => [value].flat().map((one) => [name, text(one)]));
  return required === true ? given : fc.oneof({ arbitrary: fc.constant<[string, string][]>([]), weight: 3 }, { arbitrary: given, weight: 1 });
}

/** What a header of this name is like when it is meant. */
const MEANT: Record<string, readonly string[]> = {
  Prefer: ["wait=0", "respond-async", "respond-async, wait=0; x=y", "wait=-1"],
  "If-Match": ['"1"', '"2"', "*", 'W/"1"'],
  "Last-Event-ID": ["1.0", "1.1", "999999999.999999999", ""],
  "Idempotency-Key": ["a", "b", "c"],
};

function headerValue({ name, required }: Parameter): fc.Arbitrary<string | null> {
  const meant = fc.constantFrom(...(MEANT[name] ?? ["x"]));
  // Without it /execute waits as long as the settings say.
  if (name === "Prefer")
    return fc.oneof({ arbitrary: meant, weight: 6 }, { arbitrary: headerText.map((text) => `wait=0, ${text.replaceAll(/wait/gi, "")}`), weight: 1 });
  const given = fc.oneof({ arbitrary: meant, weight: 4 }, { arbitrary: headerText, weight: 1 });
  return fc.oneof({ arbitrary: given, weight: required === true ? 9 : 2 }, { arbitrary: fc.constant(null), weight: 1 });
}

function bodyText(root: unknown, { requestBody }: Operation): fc.Arbitrary<string | null> {
  const noJson = fc.oneof(nastyText, fc.constantFrom("{", "[]", "null", '"text"', "{}x", '{"a":1,}'));
  if (requestBody === undefined) return fc.oneof({ arbitrary: fc.constantFrom(null, "{}"), weight: 8 }, { arbitrary: noJson, weight: 1 });
  const { schema, examples = {} } = requestBody.content["application/json"] as { schema: Schema; examples?: Record<string, { value: unknown }> };
  const shown = Object.values(examples).map(({ value }) => value);
  return fc.oneof(
    { arbitrary: validValue(root, schema).map((value) => JSON.stringify(value)), weight: 4 },
    ...(shown.length === 0 ? [] : [{ arbitrary: fc.constantFrom(...shown).map((value) => JSON.stringify(value)), weight: 2 }]),
    { arbitrary: brokenValue(root, schema).map((value) => JSON.stringify(value) ?? ""), weight: 5 },
    { arbitrary: noJson, weight: 1 },
    { arbitrary: fc.constant(requestBody.required === true ? "{}" : null), weight: 1 },
  );
}
