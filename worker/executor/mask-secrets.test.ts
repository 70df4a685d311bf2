import fc from "fast-check";
import { expect, test } from "vitest";

import { createSecretMask } from "./mask-secrets.ts";

/** Runs a text through the mask in pieces of these sizes. */
function masked(text: string | Buffer, secrets: string[], sizes: number[]): string {
  const bytes = Buffer.from(text);
  const mask = createSecretMask(secrets);
  const out: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.byteLength; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    out.push(mask.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, mask.end()]).toString();
}

test.each([
  ["nothing of it", "harmless output\n", ["hunter22"], "harmless output\n"],
  ["all of it", "hunter22", ["hunter22"], "••••"],
  ["in the middle", "a hunter22 b hunter22 c", ["hunter22"], "a •••• b •••• c"],
  ["a start that goes on otherwise", "hunter2 hunterhunter22!", ["hunter22"], "hunter2 hunter••••!"],
  ["a secret that begins another", "abc abcdef abcde", ["abc", "abcdef"], "•••• •••• ••••de"],
  ["secrets that overlap", "wxyabcd!", ["xyab", "abcd"], "w••••!"],
  ["one that repeats itself", "aaaaaaaab", ["aaaa"], "••••b"],
  ["of several lines, whole", "<-- one line\nand another -->", ["one line\nand another"], "<-- •••• -->"],
  ["of several lines, one of them", "only: and another!", ["one line\nand another"], "only: ••••!"],
  ["not of ASCII", "päss wörtchen!", ["wörtchen"], "päss ••••!"],
])("%s, wherever it is cut", (_what, text, secrets, expected) => {
  const bytes = Buffer.byteLength(text);
  for (let size = 1; size <= bytes; size += 1) expect(masked(text, secrets, [size]), `in pieces of ${size}`).toBe(expected);
});

test("no secret gets through any cut, and what is none stays as it is", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 4, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(letters, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(letters, fc.string({ unit: fc.constantFrom("a", "b", "c", "x"), maxLength: 6 })), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 }),
      (secrets, parts, sizes) => {
        const text = parts.join("");
        const out = masked(text, secrets, sizes);
        for (const secret of secrets) expect(out).not.toContain(secret);
        // The same wherever it is cut, and every letter outside of secrets is there.
        expect(out).toBe(masked(text, secrets, [Math.max(1, text.length)]));
        if (!secrets.some((secret) => text.includes(secret))) expect(out).toBe(text);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("what waits for its rest is bounded by the longest secret", () => {
  const mask = createSecretMask(["aaaaaaaa"]);
  let handedOn = 0;
  for (let turn = 0; turn < 1_000; turn += 1) handedOn += mask.push(Buffer.from("a".repeat(1_000))).byteLength;
  expect(handedOn).toBeLessThan(100);
  expect(mask.end().byteLength).toBe(0);
});
