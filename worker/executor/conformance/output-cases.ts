import assert from "node:assert/strict";

import { MIB, bash } from "./case.ts";
import type { SpecCase } from "./case.ts";

/** More output than fits. @param floodBytes how much a flood prints: a gigabyte, or less where the machine is slow */
export function outputCases(floodBytes: number): SpecCase[] {
  return [
    {
      number: 21,
      title: "a flood of stdout, ended at the limit",
      spec: { ...bash(`head -c ${floodBytes} /dev/zero | tr '\\0' x; echo end`), limits: { outputMaxBytes: MIB }, onOutputLimit: "end" },
      outcome: "output_limit",
      check: (result) => assert.ok(result.evidence.keptBytes <= MIB),
    },
    {
      number: 22,
      title: "a flood of stdout, head and tail kept",
      spec: { ...bash(`echo start; head -c ${floodBytes} /dev/zero | tr '\\0' x; echo; echo end`), limits: { outputMaxBytes: MIB } },
      outcome: "succeeded",
      check: (result, output) => {
        assert.ok(output.stdout.startsWith("start\nxxx"));
        assert.ok(output.stdout.endsWith("xxx\nend\n"));
        assert.equal(output.markers, 1);
        assert.equal(result.output.stdoutBytes, floodBytes + 11);
        assert.equal(result.evidence.keptBytes + result.output.droppedBytes, result.output.stdoutBytes);
        assert.ok(result.evidence.keptBytes <= MIB);
      },
    },
    {
      number: 23,
      title: "yes",
      spec: { ...bash("yes"), limits: { outputMaxBytes: 256 * 1024, timeoutMs: 1_000 }, gracePeriodMs: 100 },
      outcome: "timeout",
      check: (result) => assert.ok(result.output.droppedBytes > 0),
    },
    {
      number: 24,
      title: "characters are whole on both sides of the cap",
      spec: { ...bash("for i in $(seq 3000); do printf 'ü€😀'; done"), limits: { outputMaxBytes: 8 * 1024 } },
      outcome: "succeeded",
      check: (result, output) => {
        assert.ok(result.output.droppedBytes > 0);
        // A decoder that takes no half of a character.
        for (const chunk of output.chunks) new TextDecoder("utf-8", { fatal: true }).decode(chunk);
        assert.match(output.stdout, /^ü€😀.*ü€😀$/s);
      },
    },
  ];
}
