import { expect, test } from "vitest";
import type { z } from "zod";

import { listRunsSchema, submitRunSchema } from "../contracts/runs.ts";
import { describeIssues } from "./describe-issues.ts";

function told(schema: z.ZodType, value: unknown) {
  const result = schema.safeParse(value);
  if (result.success) throw new Error("The value was taken.");
  return Object.fromEntries(describeIssues(result.error.issues, schema, value).map(({ path, message }) => [path, message]));
}

test.each<[string, z.ZodType, unknown, Record<string, string>]>([
  ["what is missing", submitRunSchema, { language: "bash" }, { source: "is required" }],
  ["what must be something else", submitRunSchema, { language: "bash", source: 1, tags: "x" }, { source: "must be a string", tags: "must be a list" }],
  ["the schema's own words", submitRunSchema, { language: "bash", source: "" }, { source: "must not be empty" }],
  [
    "a field in a field",
    submitRunSchema,
    { language: "bash", source: "x", limits: { memory: 1 } },
    { "limits.memory": "is not a known field; did you mean memoryBytes?" },
  ],
  ["nothing like it", submitRunSchema, { language: "bash", source: "x", zzz: 1 }, { zzz: "is not a known field" }],
  [
    "one bad entry of a list",
    listRunsSchema,
    { status: ["dead", "x"] },
    { "status.1": "must be one of queued, running, retrying, succeeded, failed, dead, cancelled, discarded" },
  ],
  ["one bad value where a list may stand", listRunsSchema, { outcome: "x" }, { outcome: expect.stringMatching(/^must be one of succeeded, /) as string }],
  ["a number out of bounds", listRunsSchema, { limit: "500" }, { limit: "must be at most 200" }],
  ["a text that is too long", listRunsSchema, { q: "x".repeat(201) }, { q: "must be at most 200 characters long" }],
  ["a time that is none", listRunsSchema, { from: "yesterday" }, { from: "must be a time in ISO 8601, UTC: 2026-01-31T12:00:00Z" }],
  ["the whole body", submitRunSchema, "x", { "": "must be an object" }],
])("%s", (_what, schema, value, expected) => {
  expect(told(schema, value)).toEqual(expected);
});
