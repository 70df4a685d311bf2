import { expect, test } from "vitest";

import { nextPath } from "./next-path.ts";

test.each([
  [null, "/runs"],
  ["", "/runs"],
  ["/dead-letters?outcome=timeout", "/dead-letters?outcome=timeout"],
  ["/runs/abc#L12", "/runs/abc#L12"],
  ["https://evil.example/", "/runs"],
  ["//evil.example/path", "/runs"],
  ["/\\evil.example", "/runs"],
  ["/\t/evil.example", "/runs"],
  ["javascript:alert(1)", "/runs"],
  ["/sign-in?next=/runs", "/runs"],
  ["/api/auth/link?token=x", "/runs"],
])("%j leads to %s", (wanted, path) => {
  expect(nextPath(wanted)).toBe(path);
});
