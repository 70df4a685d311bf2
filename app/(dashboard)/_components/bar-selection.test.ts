import { expect, test } from "vitest";

import { barAt, edgesOf, moveSelection } from "./bar-selection.ts";

test("arrows move, Shift extends, nothing passes the ends", () => {
  const start = { anchor: 3, active: 3 };
  expect(moveSelection(start, "ArrowRight", false, 24)).toEqual({ anchor: 4, active: 4 });
  const wide = moveSelection(start, "ArrowLeft", true, 24);
  expect(wide).toEqual({ anchor: 3, active: 2 });
  expect(edgesOf(wide ?? start)).toEqual({ first: 2, last: 3 });
  expect(moveSelection(start, "Home", true, 24)).toEqual({ anchor: 3, active: 0 });
  expect(moveSelection({ anchor: 23, active: 23 }, "ArrowRight", false, 24)).toEqual({ anchor: 23, active: 23 });
  expect(moveSelection(start, "x", false, 24)).toBeNull();
});

test("a place on the chart is a bar of it", () => {
  expect([barAt(-0.1, 24), barAt(0, 24), barAt(0.5, 24), barAt(1, 24)]).toEqual([0, 0, 12, 23]);
});
