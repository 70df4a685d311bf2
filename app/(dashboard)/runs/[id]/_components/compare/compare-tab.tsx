"use client";

import { useId } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import { Select } from "#app/_components/ui/select.tsx";
import type { Attempt, Run } from "#server/contracts/runs.ts";

import { compareFacts } from "./compare-facts.ts";
import { OutputDiff } from "./output-diff.tsx";

type Pair = { left: number; right: number };
type CompareTabProps = { run: Run; left: number | null; right: number | undefined; onChange: (pair: Pair) => void };

/** Two attempts of a run side by side: what they had, how they ended, what they used, what they printed. */
export function CompareTab({ run, left: wantedLeft, right: wantedRight, onChange }: CompareTabProps) {
  const headingId = useId();
  const find = (number: number | null | undefined) => run.attempts.find((attempt) => attempt.number === number);
  // Without a choice of two: the one that is shown, set against the one before it; the first against the second.
  const shown = find(wantedRight) ?? run.attempts.at(-1);
  const before = run.attempts.findLast((attempt) => attempt.number < (shown?.number ?? 0));
  const left = find(wantedLeft) ?? before ?? shown;
  const right = wantedLeft === null && before === undefined ? run.attempts[1] : shown;
  if (left === undefined || right === undefined || left === right) {
    return <p className="p-4 text-fg-subtle">{run.attempts.length < 2 ? "It takes two attempts to compare." : "Choose two different attempts above."}</p>;
  }
  const facts = compareFacts(left, right);
  return (
    <div className="flex flex-col gap-5 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <AttemptSelect
          label="First attempt"
          attempts={run.attempts}
          value={left.number}
          onChange={(number) => onChange({ left: number, right: number === right.number ? left.number : right.number })}
        />
        <span aria-hidden className="text-fg-subtle">
          →
        </span>
        <AttemptSelect
          label="Second attempt"
          attempts={run.attempts}
          value={right.number}
          onChange={(number) => onChange({ left: number === left.number ? right.number : left.number, right: number })}
        />
      </div>
      <section aria-labelledby={headingId} tabIndex={0} className="overflow-x-auto">
        <h3 id={headingId} className="pb-2 text-sm font-medium">
          Outcome, use and limits
        </h3>
        <table className="w-full max-w-2xl text-left">
          <thead className="text-xs text-fg-subtle">
            <tr>
              <th scope="col" className="py-1 pr-4 font-normal">
                <span className="sr-only">What</span>
              </th>
              <th scope="col" className="py-1 pr-4 font-normal">
                Attempt {left.number}
              </th>
              <th scope="col" className="py-1 pr-4 font-normal">
                Attempt {right.number}
              </th>
              <th scope="col" className="py-1 font-normal">
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {facts.map(({ name, left: before, right: after, change }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-1.5 pr-4 font-normal text-fg-muted">
                  {name}
                </th>
                <td className="py-1.5 pr-4">{before}</td>
                <td className={cx("py-1.5 pr-4", before !== after && "font-medium")}>{after}</td>
                <td className="py-1.5 text-fg-muted">{change ?? (before === after ? <span className="text-fg-subtle">same</span> : "")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <OutputDiff runId={run.id} left={left.number} right={right.number} isRunning={[left, right].some((attempt) => attempt.status === "running")} />
    </div>
  );
}

type AttemptSelectProps = { label: string; attempts: Attempt[]; value: number; onChange: (number: number) => void };

function AttemptSelect({ label, attempts, value, onChange }: AttemptSelectProps) {
  return (
    <Select aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {attempts.map(({ number }) => (
        <option key={number} value={number}>
          Attempt {number}
        </option>
      ))}
    </Select>
  );
}
