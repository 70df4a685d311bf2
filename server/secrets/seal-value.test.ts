import { expect, test } from "vitest";

import { keyFrom } from "./key-ring.ts";
import { digestValue, keyIdOf, openValue, sealValue } from "./seal-value.ts";
import { maskedEnv, openEnv } from "./stored-env.ts";

const KEY = keyFrom("a-key-of-at-least-thirty-two-characters");
const OLDER = keyFrom("the-key-that-was-in-use-before-this-one");

test("only a holder of the key reads a value, and only under its name", () => {
  const sealed = sealValue(KEY, "TOKEN", "hunter22 – ünïcode");
  expect(openValue([KEY], "TOKEN", sealed)).toBe("hunter22 – ünïcode");
  expect(sealed).not.toContain("hunter22");
  expect(keyIdOf(sealed)).toBe(KEY.id);
  expect(sealValue(KEY, "TOKEN", "hunter22 – ünïcode")).not.toBe(sealed);
  expect(() => openValue([OLDER], "TOKEN", sealed)).toThrow(`does not have the key ${KEY.id}`);
  expect(() => openValue([KEY], "OTHER", sealed)).toThrow("was changed");
  const [version, id, body = ""] = sealed.split(".");
  const flipped = Buffer.from(body, "base64url");
  flipped[flipped.byteLength - 1] = (flipped.at(-1) ?? 0) ^ 1;
  expect(() => openValue([KEY], "TOKEN", [version, id, flipped.toString("base64url")].join("."))).toThrow("was changed");
  expect(() => openValue([KEY], "TOKEN", "plain")).toThrow("not one that this version");
});

test("keys are replaced without losing what the older ones encrypted", () => {
  const sealed = sealValue(OLDER, "TOKEN", "hunter22");
  expect(openEnv([KEY, OLDER], { TOKEN: { sealed }, MODE: "fast" })).toEqual({ env: { TOKEN: "hunter22", MODE: "fast" }, secrets: ["hunter22"] });
  expect(maskedEnv({ TOKEN: { sealed }, MODE: "fast" })).toEqual({ env: { TOKEN: "••••", MODE: "fast" }, secretEnv: ["TOKEN"] });
});

test("a digest tells the same from another, and nothing to who has no key", () => {
  expect(digestValue(KEY, "A", "1234")).toBe(digestValue(KEY, "A", "1234"));
  expect(digestValue(KEY, "A", "1234")).not.toBe(digestValue(KEY, "A", "1235"));
  expect(digestValue(KEY, "A", "1234")).not.toBe(digestValue(OLDER, "A", "1234"));
});
