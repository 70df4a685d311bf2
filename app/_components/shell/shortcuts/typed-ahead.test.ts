import { expect, test } from "vitest";

import { createTypedAhead } from "./typed-ahead.ts";

const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });

test("keys are kept from when it begins until they are taken, and only then", () => {
  const typed = createTypedAhead();
  expect(typed.press(key("c"))).toBe(false);
  typed.begin();
  for (const name of ["c", "a", "x", "Backspace", "n", "Enter"]) expect(typed.press(key(name))).toBe(true);
  expect(typed.press(key("k", true))).toBe(false);
  expect(typed.take()).toBe("can");
  expect(typed.press(key("c"))).toBe(false);
  expect(typed.take()).toBeNull();
});
