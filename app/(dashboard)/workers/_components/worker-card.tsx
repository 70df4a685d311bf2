"use client";

import { CircleCheck, CircleSlash, Hourglass, ShieldAlert, ShieldCheck, Unplug } from "lucide-react";
import Link from "next/link";

import { useNow } from "#app/_components/now.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { elapsedMs, tickingDuration } from "#app/_components/time-text.ts";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Card, Detail, DetailList } from "#app/_components/ui/card.tsx";
import { LimitBar } from "#app/_components/ui/limit-bar.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import type { Worker } from "#server/contracts/workers.ts";
import type { WorkerStatus } from "#server/contracts/statuses.ts";
import { formatBytes, formatCpu } from "#server/contracts/units.ts";

import { DrainButton } from "./drain-button.tsx";
import { LostRuns } from "./lost-runs.tsx";
import { driverText, isLate, isLive, isolationText, networkText, WORKER_LOOKS } from "./worker-look.ts";

const ICONS: Record<WorkerStatus, typeof CircleCheck> = { active: CircleCheck, draining: Hourglass, stopped: CircleSlash, lost: Unplug };

/** One worker: whether it lives, what it can, what it does now. `receivedAt` is when its numbers came, on this clock; null: just now, with the page. */
export function WorkerCard({ worker, receivedAt }: { worker: Worker; receivedAt: number | null }) {
  const { label, tone, sentence } = WORKER_LOOKS[worker.status];
  const Icon = ICONS[worker.status];
  const live = isLive(worker);
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {worker.host}
          <span className="font-mono text-xs font-normal text-fg-subtle">pid {worker.pid}</span>
        </span>
      }
      description={worker.status === "active" ? undefined : sentence}
      actions={
        <>
          <Badge tone={worker.enforced ? "neutral" : "danger"}>
            {worker.enforced ? <ShieldCheck aria-hidden /> : <ShieldAlert aria-hidden />}
            {worker.enforced ? "Limits enforced" : "Limits not enforced"}
          </Badge>
          <Badge tone={tone}>
            <Icon aria-hidden />
            {label}
          </Badge>
          {live && <DrainButton worker={worker} />}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {worker.warnings.map((warning) => (
          <Notice key={warning} tone="warning">
            {warning}
          </Notice>
        ))}
        {live && (
          <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 xl:grid-cols-4">
            <Slots lane="Batch" busy={worker.busy.batch} slots={worker.slots.batch} />
            <Slots lane="Interactive" busy={worker.busy.interactive} slots={worker.slots.interactive} />
            {worker.capacity !== null && (
              <>
                <Held what="Memory limits" held={worker.held.memoryBytes} capacity={worker.capacity.memoryBytes} format={formatBytes} />
                <Held what="CPU limits" held={worker.held.cpuMillis} capacity={worker.capacity.cpuMillis} format={formatCpu} />
              </>
            )}
          </div>
        )}
        <DetailList>
          <Detail name="Heartbeat">{live ? <Heartbeat worker={worker} receivedAt={receivedAt} /> : <RelativeTime at={worker.heartbeatAt} />}</Detail>
          <Detail name="Host memory">{formatBytes(worker.hostMemoryBytes)}</Detail>
          <Detail name="Host CPU">{formatCpu(worker.hostCpuMillis)}</Detail>
          <Detail name="Worker memory">{formatBytes(worker.rssBytes)}</Detail>
          <Detail name="cgroup driver">{driverText(worker.driver)}</Detail>
          <Detail name="Isolation">{isolationText(worker)}</Detail>
          <Detail name="Network, when asked">{networkText(worker)}</Detail>
          <Detail name="Tags">
            {worker.tags.length === 0 ? "none" : worker.tags.join(", ")}
            {worker.taggedOnly && ", and only runs that ask for them"}
          </Detail>
          <Detail name="Version">{worker.version}</Detail>
          <Detail name="Started">
            <RelativeTime at={worker.startedAt} />
          </Detail>
        </DetailList>
        <Runtimes runtimes={worker.runtimes} />
        {live ? <Running running={worker.running} drains={worker.status === "draining"} /> : <LostRuns worker={worker} />}
      </div>
    </Card>
  );
}

function Slots({ lane, busy, slots }: { lane: string; busy: number; slots: number }) {
  return (
    <div className="min-w-0">
      <p className="flex justify-between gap-2 pb-1 text-xs text-fg-muted">
        <span>{lane}</span>
        <span>
          <span className="font-medium text-fg">{busy}</span> of {slots} busy
        </span>
      </p>
      <LimitBar value={busy} limit={slots} tone="info" label={`${lane}: ${busy} of ${slots} slots busy`} />
    </div>
  );
}

/** What its runs hold of what it gives away. */
function Held({ what, held, capacity, format }: { what: string; held: number; capacity: number; format: (value: number) => string }) {
  return (
    <div className="min-w-0">
      <p className="flex justify-between gap-2 pb-1 text-xs text-fg-muted">
        <span>{what}</span>
        <span>
          <span className="font-medium text-fg">{format(held)}</span> of {format(capacity)} held
        </span>
      </p>
      <LimitBar value={held} limit={capacity} tone="info" label={`${what}: ${format(held)} of ${format(capacity)} held`} />
    </div>
  );
}

/** How old the last heartbeat is: its age as the server told it, and what has passed here since. */
function Heartbeat({ worker, receivedAt }: { worker: Worker; receivedAt: number | null }) {
  const now = useNow();
  const age = worker.heartbeatAgeMs + (now === null || receivedAt === null ? 0 : Math.max(0, now - receivedAt));
  const text = age < 2_000 ? "just now" : `${tickingDuration(age)} ago`;
  return isLate(worker, age) ? <span className="font-medium text-warning-fg">{text}, late</span> : <span>{text}</span>;
}

function Runtimes({ runtimes }: { runtimes: Worker["runtimes"] }) {
  if (runtimes.length === 0) return <Notice tone="warning">It found no interpreter, so it can run nothing.</Notice>;
  return (
    <div>
      <p className="pb-1.5 text-xs text-fg-subtle">Runtimes</p>
      <ul aria-label="Runtimes" className="flex flex-wrap gap-1.5">
        {runtimes.map((runtime) => (
          <li key={runtime.id} className="max-w-full rounded-sm border border-line bg-inset px-2 py-0.5 text-xs">
            <span className="font-medium">{runtime.title}</span> <span className="text-fg-subtle">{runtime.version}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Running({ running, drains }: { running: Worker["running"]; drains: boolean }) {
  const now = useNow(running.length > 0);
  return (
    <div>
      <p className="pb-1.5 text-xs text-fg-subtle">Running now</p>
      {running.length === 0 ? (
        <p className="text-fg-muted">{drains ? "Nothing; its host can be taken out of service." : "Nothing; it waits for runs."}</p>
      ) : (
        <ul aria-label="Running now" className="divide-y divide-line rounded-md border border-line">
          {running.map((run) => (
            <li key={run.runId} className="flex items-center justify-between gap-3 px-3 py-1.5">
              <Link href={`/runs/${run.runId}`} prefetch={false} className="min-w-0 truncate rounded-xs font-medium hover:underline">
                {run.name}
              </Link>
              <span className="shrink-0 text-xs text-fg-muted">
                attempt {run.attempt} · {tickingDuration(elapsedMs(run.startedAt, null, now))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
