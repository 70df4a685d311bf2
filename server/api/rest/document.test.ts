import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { createRestApp } from "./app.ts";
import { describeApi } from "./document.ts";

const document = describeApi(createRestApp());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

test("it is valid OpenAPI 3.1", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  expect(document).toHaveProperty("openapi", "3.1.0");
});

test.each(operations)("%s is described whole", (name, operation) => {
  expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
  expect(operation.summary).not.toBe("");
  const isOpen = name.includes("/api/health/");
  expect(operation.security).toEqual(isOpen ? [] : undefined);
  if (!isOpen) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["400", "401", "403", "500", "503"]));
  for (const [status, { $ref }] of Object.entries(operation.responses)) {
    if (Number(status) >= 400) expect($ref).toBe(`#/components/responses/Problem${status}`);
  }
});

test("every problem has the one form, its type and the request id", () => {
  const { responses } = document.components;
  for (const [name, response] of Object.entries(responses)) {
    expect(response).toMatchObject({
      description: expect.stringMatching(/urn:corral:problem:/) as string,
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      headers: { "Corral-Request-Id": {} },
    });
    if (["Problem429", "Problem503"].includes(name)) expect(response).toHaveProperty("headers.Retry-After");
  }
});

test("names of operations are unique", () => {
  const names = operations.map(([, { operationId }]) => operationId);
  expect([...new Set(names)]).toEqual(names);
});
