import { expect, test } from "vitest";

import { LANGUAGES } from "#server/contracts/languages.ts";

import { RUNTIME_DEFINITIONS } from "./executor/runtimes.ts";

test("what is accepted at submit is what the executor knows how to run", () => {
  expect(LANGUAGES).toEqual(RUNTIME_DEFINITIONS.map(({ id, title }) => ({ id, title })));
});
