import { expect, test } from "vitest";

import { suggest } from "./suggest.ts";

const FIELDS = ["language", "source", "args", "env", "stdin", "limits", "retry", "tags", "priority", "timeoutMs", "memoryBytes", "maxRetries"];

test.each([
  ["langauge", "language"],
  ["sauce", "source"],
  ["timeout", "timeoutMs"],
  ["timeout_ms", "timeoutMs"],
  ["memory", "memoryBytes"],
  ["tag", "tags"],
  ["MaxRetries", "maxRetries"],
  ["colour", null],
  ["x", null],
])("%s: %s", (name, likely) => {
  expect(suggest(name, FIELDS)).toBe(likely);
});
