import { expect, test } from "vitest";

import { positionBeside } from "./place-beside.ts";

const view = { width: 400, height: 300 };
const box = { width: 100, height: 20 };

test("it stands at the side asked for, centred", () => {
  expect(positionBeside({ left: 150, top: 100, width: 40, height: 10 }, box, view, "top")).toEqual({ left: 120, top: 74 });
  expect(positionBeside({ left: 150, top: 100, width: 40, height: 10 }, box, view, "bottom")).toEqual({ left: 120, top: 116 });
  expect(positionBeside({ left: 150, top: 100, width: 40, height: 10 }, box, view, "right")).toEqual({ left: 196, top: 95 });
});

test("it goes to the other side where there is no room", () => {
  expect(positionBeside({ left: 150, top: 10, width: 40, height: 10 }, box, view, "top")).toEqual({ left: 120, top: 26 });
  expect(positionBeside({ left: 10, top: 100, width: 40, height: 10 }, box, view, "left")).toEqual({ left: 56, top: 95 });
});

test("it never passes an edge", () => {
  expect(positionBeside({ left: 0, top: 100, width: 10, height: 10 }, box, view, "top").left).toBe(8);
  expect(positionBeside({ left: 390, top: 100, width: 10, height: 10 }, box, view, "top").left).toBe(292);
});
