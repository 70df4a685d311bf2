import { expect, test } from "vitest";

import { allCases } from "./list.ts";
import { conformanceTable, publishedTable } from "./table.ts";

test("the published table is the list of cases (`node worker/executor/conformance/table.ts` writes it)", () => {
  expect(publishedTable()).toBe(conformanceTable());
});

test("the fifty cases of the specification are there, each number once", () => {
  const numbers = allCases(1).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Array.from({ length: 50 }, (_, index) => index + 1).filter((number) => !numbers.includes(number))).toEqual([]);
});
