import { expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { readDocument } from "#server/api/rest-handler.ts";

import { curlExample } from "./curl-example.ts";
import { operationsByTag } from "./operations-by-tag.ts";
import { schemaRows, typeText } from "./schema-rows.ts";

const document = readDocument();
const parts = operationsByTag(document);

test("every operation stands under one heading, and none is empty", () => {
  const listed = parts.flatMap(({ operations }) => operations.map(({ operation }) => operation.operationId));
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(listed.toSorted()).toEqual(all.toSorted());
  expect(parts.every(({ operations }) => operations.length > 0)).toBe(true);
});

test("a link to a model leads to one that there is", () => {
  const models = Object.keys(document.components.schemas);
  for (const schema of Object.values(document.components.schemas)) {
    for (const { model, type } of schemaRows(schema)) {
      expect(type).not.toContain("undefined");
      if (model !== null) expect(models).toContain(model);
    }
  }
});

test("types are told in words", () => {
  expect(typeText({ type: "array", items: { $ref: "#/components/schemas/Run" } })).toBe("list of Run");
  expect(typeText({ type: ["string", "null"], format: "date-time" })).toBe("time or null");
  expect(typeText({ anyOf: [{ $ref: "#/components/schemas/Limits" }, { type: "null" }] })).toBe("Limits or null");
  expect(
    schemaRows({ type: "object", required: ["usage"], properties: { usage: { type: "object", properties: { wallMs: { type: "number" } } } } }),
  ).toMatchObject([
    { name: "usage", isRequired: true },
    { name: "usage.wallMs", isRequired: false },
  ]);
});

test("an example leaves ids and the token to the shell, and quotes what is in a body", () => {
  const of = (id: string) => {
    const listed = parts.flatMap(({ operations }) => operations).find(({ operation }) => operation.operationId === id);
    if (listed === undefined) throw new Error(`There is no ${id}.`);
    return curlExample(listed);
  };
  expect(of("cancelRun")).toBe('curl -fsS -X POST "$CORRAL_URL/api/v1/runs/$ID/cancel" \\\n  -H "Authorization: Bearer $CORRAL_TOKEN"');
  expect(of("submitRun")).toContain(`--data '{\n  "language": "bash"`);
  expect(of("getLiveness")).not.toContain("Authorization");
});
