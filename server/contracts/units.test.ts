import { expect, test } from "vitest";

import { formatBytes, formatCpu, formatDuration, parseBytes, parseCpu, parseDuration } from "./units.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [100 * 1024, "100 KiB"],
  [256 * 1024 ** 2, "256 MiB"],
  [1.5 * 1024 ** 3, "1.5 GiB"],
  [200 * 1024 ** 3, "200 GiB"],
])("%i bytes read as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  ["512M", 512 * 1024 ** 2],
  ["1.5 GiB", 1.5 * 1024 ** 3],
  ["1.5gb", 1.5e9],
  ["65536", 65_536],
  ["", null],
  ["12 parsecs", null],
  ["-5M", null],
])("%j means %s bytes", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each([
  [350, "350 ms"],
  [2400, "2.4 s"],
  [14_000, "14 s"],
  [5_400_000, "1 h 30 min"],
  [3_600_000, "1 h"],
  [90_000, "1 min 30 s"],
  [86_400_000, "1 d"],
])("%i ms read as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["1 h 30 min", 5_400_000],
  ["500ms", 500],
  ["5", 5000],
  ["soon", null],
  ["", null],
])("%j means %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test("cores", () => {
  expect(formatCpu(1500)).toBe("1.5 cores");
  expect(formatCpu(100_000)).toBe("100 cores");
  expect(formatCpu(1000)).toBe("1 core");
  expect(parseCpu("1.5")).toBe(1500);
  expect(parseCpu("500m")).toBe(500);
  expect(parseCpu("two")).toBeNull();
});
