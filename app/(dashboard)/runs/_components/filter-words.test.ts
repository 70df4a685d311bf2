import { expect, test } from "vitest";

import { filterWords } from "./filter-words.ts";

const none = { status: [], outcome: [], language: [], tag: [], q: "", from: null, to: null };
const words = (filters: Partial<Parameters<typeof filterWords>[0]>) => filterWords({ ...none, ...filters }, String, String).join(" and ");

test("each filter that is set is named", () => {
  expect(words({})).toBe("");
  expect(words({ status: ["dead", "failed"], q: "report" })).toBe("status dead or failed and a name or id like “report”");
  expect(words({ tag: ["a", "b"], from: "2026-03-01T00:00:00.000Z" })).toBe("all of the tags a, b and a creation in the time asked for");
});
