import { expect, test } from "vitest";

import { allCases } from "./list.ts";
import { conformanceTable } from "./table.ts";

test("the published table is the list of cases", async () => {
  await expect(conformanceTable()).toMatchFileSnapshot("../../../docs/conformance.md");
});

test("the fifty cases of the specification are there, each number once", () => {
  const numbers = allCases(1).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Array.from({ length: 50 }, (_, index) => index + 1).filter((number) => !numbers.includes(number))).toEqual([]);
});
