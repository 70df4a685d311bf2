"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { Card, Detail, DetailList } from "#app/_components/ui/card.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Attempt, UsageSample } from "#server/contracts/runs.ts";
import { formatBytes, formatCpu, formatDuration } from "#server/contracts/units.ts";

import { cpuPoints, memoryPoints, throttledStretches } from "./chart-scale.ts";
import { UsageChart } from "./usage-chart.tsx";

const NO_SAMPLES: UsageSample[] = [];

/**
 * What an attempt used: memory and CPU over time, and in sum. While it runs, the samples so far. `onMoment` is told of a moment that was
 * chosen in a chart, milliseconds since the start.
 */
export function UsageCard({ runId, attempt, onMoment }: { runId: string; attempt: Attempt; onMoment: (atMs: number) => void }) {
  const trpc = useTRPC();
  const usage = useQuery(trpc.runs.usage.queryOptions({ id: runId, attempt: attempt.number }));
  const samples = usage.data?.samples ?? NO_SAMPLES;
  const memory = useMemo(() => memoryPoints(samples), [samples]);
  const cpu = useMemo(() => cpuPoints(samples), [samples]);
  const throttled = useMemo(() => throttledStretches(samples), [samples]);
  const [cursorMs, setCursorMs] = useState<number | null>(null);
  const last = samples.at(-1);
  const wallMs = attempt.usage?.wallMs ?? last?.atMs ?? 0;
  // The kernel does not say when; an attempt is ended as soon as it is seen.
  const oomAtMs = attempt.outcome === "out_of_memory" ? wallMs : null;
  const shared = { maxMs: Math.max(1, last?.atMs ?? 0, wallMs), cursorMs, onCursor: setCursorMs, onMoment };
  const totals = attempt.usage ?? {
    peakMemoryBytes: samples.reduce((peak, sample) => Math.max(peak, sample.memoryBytes), 0),
    cpuMs: last?.cpuMs ?? 0,
    throttledMs: last?.throttledMs ?? 0,
    pidsPeak: samples.reduce((peak, sample) => Math.max(peak, sample.pids), 0),
    wallMs: null,
  };
  return (
    <Card title="Usage" description={`Attempt ${attempt.number}${attempt.status === "running" ? ", so far" : ""}`}>
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 md:grid-cols-2">
          <UsageChart
            {...shared}
            title="Memory"
            points={memory}
            limit={attempt.limits.memoryBytes}
            format={(bytes) => formatBytes(Math.round(bytes))}
            tone="info"
            oomAtMs={oomAtMs}
          />
          <UsageChart
            {...shared}
            title="CPU"
            points={cpu}
            limit={attempt.limits.cpuMillis}
            format={(millis) => formatCpu(Math.round(millis))}
            tone="success"
            throttled={throttled}
          />
        </div>
        <DetailList aria-label="Usage in sum">
          <Detail name="Peak memory">
            {formatBytes(totals.peakMemoryBytes)} <span className="text-fg-subtle">of {formatBytes(attempt.limits.memoryBytes)}</span>
          </Detail>
          <Detail name="CPU time">{formatDuration(totals.cpuMs)}</Detail>
          <Detail name="Throttled">{formatDuration(totals.throttledMs)}</Detail>
          <Detail name="Processes, peak">
            {totals.pidsPeak} <span className="text-fg-subtle">of {attempt.limits.pidsMax}</span>
          </Detail>
          <Detail name="Wall time">{totals.wallMs === null ? "still running" : formatDuration(totals.wallMs)}</Detail>
        </DetailList>
      </div>
    </Card>
  );
}
