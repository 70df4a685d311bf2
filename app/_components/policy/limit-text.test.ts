import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LIMIT_FLOORS, LIMIT_NAMES } from "#server/contracts/statuses.ts";

import { exactLimit, nearestStop, parseLimit, readLimit, sliderStops } from "./limit-text.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe("exactLimit", () => {
  it("writes round values as people do", () => {
    expect(exactLimit("memoryBytes", 512 * MIB)).toBe("512 MiB");
    expect(exactLimit("memoryBytes", 1.5 * GIB)).toBe("1.5 GiB");
    expect(exactLimit("timeoutMs", 5_400_000)).toBe("1 h 30 min");
    expect(exactLimit("timeoutMs", 90_000)).toBe("1 min 30 s");
    expect(exactLimit("cpuMillis", 1000)).toBe("1 core");
    expect(exactLimit("cpuMillis", 1500)).toBe("1.5 cores");
    expect(exactLimit("pidsMax", 256)).toBe("256");
  });

  it.each(LIMIT_NAMES)("reads back to the very same %s", (name) => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (value) => parseLimit(name, exactLimit(name, value)) === value));
  });
});

describe("readLimit", () => {
  const range = { maximum: 4 * GIB };

  it("leaves an empty field to the default", () => {
    expect(readLimit("memoryBytes", "  ", range)).toEqual({ value: null, problem: null });
  });

  it.each([
    ["512M", 512 * MIB],
    ["1.5 GiB", 1.5 * GIB],
    ["4GiB", 4 * GIB],
  ])("reads %s", (text, value) => {
    expect(readLimit("memoryBytes", text, range)).toEqual({ value, problem: null });
  });

  it("names the limit and the maximum when it is above it", () => {
    const { problem } = readLimit("memoryBytes", "8G", range);
    expect(problem).toEqual({ kind: "above_maximum", message: "Memory is above the maximum of 4 GiB set by the administrator." });
  });

  it("refuses what no interpreter can start in, and what it can't read", () => {
    expect(readLimit("timeoutMs", "50ms", { maximum: 1e6 }).problem?.kind).toBe("below_floor");
    expect(readLimit("timeoutMs", "soon", { maximum: 1e6 }).problem?.kind).toBe("unreadable");
    expect(readLimit("pidsMax", "1.5", { maximum: 1e6 }).problem?.kind).toBe("unreadable");
  });
});

describe("sliderStops", () => {
  it.each(LIMIT_NAMES)("rise and end at the maximum of %s", (name) => {
    const maximum = LIMIT_FLOORS[name] * 1000 + 1;
    const stops = sliderStops(name, maximum);
    expect(stops.at(-1)).toBe(maximum);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect(new Set(stops).size).toBe(stops.length);
  });

  it("finds the nearest stop by ratio", () => {
    expect(nearestStop([16, 32, 64, 128], 40)).toBe(1);
    expect(nearestStop([16, 32, 64, 128], 50)).toBe(2);
    expect(nearestStop([16, 32, 64, 128], 9999)).toBe(3);
  });
});
