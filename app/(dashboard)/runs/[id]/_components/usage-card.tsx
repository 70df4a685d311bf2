"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { Card, Detail, DetailList } from "#app/_components/ui/card.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Attempt, UsageSample } from "#server/contracts/runs.ts";
import { formatBytes, formatCpu, formatDuration } from "#server/contracts/units.ts";

import { cpuPoints, memoryPoints } from "./chart-scale.ts";
import { UsageChart } from "./usage-chart.tsx";

const NO_SAMPLES: UsageSample[] = [];

/** What an attempt used: memory and CPU over time, and in sum. While it runs, the samples so far. */
export function UsageCard({ runId, attempt }: { runId: string; attempt: Attempt }) {
  const trpc = useTRPC();
  const usage = useQuery(trpc.runs.usage.queryOptions({ id: runId, attempt: attempt.number }));
  const samples = usage.data?.samples ?? NO_SAMPLES;
  const memory = useMemo(() => memoryPoints(samples), [samples]);
  const cpu = useMemo(() => cpuPoints(samples), [samples]);
  const last = samples.at(-1);
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
          <UsageChart title="Memory" points={memory} limit={attempt.limits.memoryBytes} format={(bytes) => formatBytes(Math.round(bytes))} tone="info" />
          <UsageChart title="CPU" points={cpu} limit={attempt.limits.cpuMillis} format={(millis) => formatCpu(Math.round(millis))} tone="success" />
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
