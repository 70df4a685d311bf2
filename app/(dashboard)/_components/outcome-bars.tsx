"use client";

import { useId, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import type { HistogramBar, HistogramRange } from "#server/contracts/overview.ts";

import { barAt, edgesOf, moveSelection } from "./bar-selection.ts";
import type { BarSelection } from "./bar-selection.ts";
import { spanText, tickOf } from "./bar-times.ts";
import { SERIES, niceMaximum, partsText, totalOf, totalText } from "./outcome-series.ts";

type OutcomeBarsProps = { bars: HistogramBar[]; range: HistogramRange; onPick: (from: string, to: string) => void };

/**
 * Bars of runs by outcome. Drag over some, or take some with the arrow keys and Shift, and Enter: `onPick` gets the moments from
 * which and before which their runs were created.
 */
export function OutcomeBars({ bars, range, onPick }: OutcomeBarsProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [taken, setTaken] = useState<BarSelection | null>(null);
  const [dragging, setDragging] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const maximum = niceMaximum(Math.max(...bars.map((bar) => totalOf([bar]).count)));
  const edges = taken === null ? null : edgesOf(taken);
  const told = edges ?? (hovered === null ? null : { first: hovered, last: hovered });

  const at = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    return rect === undefined ? 0 : barAt((event.clientX - rect.left) / rect.width, bars.length);
  };
  const pick = ({ first, last }: { first: number; last: number }) => {
    const [from, to] = [bars[first]?.from, bars[last]?.to];
    if (from !== undefined && to !== undefined) onPick(from, to);
  };
  const press = (event: KeyboardEvent) => {
    const now = taken ?? { anchor: bars.length - 1, active: bars.length - 1 };
    if (event.key === "Enter" || event.key === " ") pick(edgesOf(now));
    else if (event.key === "Escape" && taken !== null) setTaken({ anchor: now.active, active: now.active });
    else {
      const moved = moveSelection(now, event.key, event.shiftKey, bars.length);
      if (moved === null) return;
      setTaken(moved);
    }
    event.preventDefault();
  };

  return (
    <div className="flex flex-col gap-2">
      <p className="h-5 truncate text-xs text-fg-muted">
        {told === null ? <Hint bars={bars} /> : <Told bars={bars.slice(told.first, told.last + 1)} range={range} />}
      </p>
      <div className="flex gap-2">
        <div aria-hidden className="flex h-40 w-9 shrink-0 flex-col justify-between text-right text-2xs text-fg-subtle">
          <span className="-mt-2">{maximum.toLocaleString("en-US")}</span>
          <span>{(maximum / 2).toLocaleString("en-US")}</span>
          <span className="-mb-2">0</span>
        </div>
        <div className="min-w-0 flex-1">
          <div
            ref={box}
            role="listbox"
            aria-label="Runs by outcome and time of creation"
            aria-describedby={`${id}-how`}
            aria-multiselectable
            aria-orientation="horizontal"
            aria-activedescendant={taken === null ? undefined : `${id}-${taken.active}`}
            tabIndex={0}
            onKeyDown={press}
            onFocus={() => setTaken((old) => old ?? { anchor: bars.length - 1, active: bars.length - 1 })}
            onBlur={() => setTaken(null)}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              setDragging(true);
              setTaken({ anchor: at(event), active: at(event) });
            }}
            onPointerMove={(event) => {
              const bar = at(event);
              setHovered(bar);
              if (dragging) setTaken((old) => (old === null || old.active === bar ? old : { ...old, active: bar }));
            }}
            onPointerLeave={() => setHovered(null)}
            onPointerCancel={() => setDragging(false)}
            onPointerUp={() => {
              if (dragging && edges !== null) pick(edges);
              setDragging(false);
            }}
            className="relative flex h-40 cursor-crosshair touch-pan-y rounded-xs border-b border-line-strong bg-[linear-gradient(to_bottom,var(--line)_1px,transparent_1px)] bg-[length:100%_50%] select-none"
          >
            {bars.map((bar, index) => (
              <Bar
                key={bar.from}
                id={`${id}-${index}`}
                bar={bar}
                range={range}
                maximum={maximum}
                selected={edges !== null && index >= edges.first && index <= edges.last}
                hovered={hovered === index}
              />
            ))}
          </div>
          <div aria-hidden className="flex h-5 pt-1 text-2xs text-fg-subtle">
            {bars.map((bar, index) => (
              <span key={bar.from} className="relative min-w-0 flex-1">
                <span className="absolute left-0 whitespace-nowrap">{tickOf(bars, index, range)}</span>
              </span>
            ))}
          </div>
        </div>
      </div>
      <p id={`${id}-how`} className="sr-only">
        Arrow keys move from bar to bar, Shift takes more of them, Enter shows their runs.
      </p>
    </div>
  );
}

function Hint({ bars }: { bars: HistogramBar[] }) {
  const total = totalOf(bars);
  if (total.count === 0) return "No run was created in this time.";
  return `${totalText(total)} ${total.count === 1 ? "run" : "runs"}. Drag over bars to see theirs.`;
}

function Told({ bars, range }: { bars: HistogramBar[]; range: HistogramRange }) {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return null;
  const parts = partsText(bars);
  return (
    <>
      <span className="font-medium text-fg">{spanText(first.from, last.to, range)}</span> {parts === "" ? "no runs" : parts}
    </>
  );
}

type BarProps = { id: string; bar: HistogramBar; range: HistogramRange; maximum: number; selected: boolean; hovered: boolean };

function Bar({ id, bar, range, maximum, selected, hovered }: BarProps) {
  const parts = partsText([bar]);
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-label={`${spanText(bar.from, bar.to, range)}: ${parts === "" ? "no runs" : parts}`}
      className={cx("flex h-full min-w-0 flex-1 flex-col-reverse justify-start px-px", selected ? "bg-accent-soft" : hovered && "bg-subtle")}
    >
      {SERIES.map(({ name, color }) => {
        const count = bar.counts[name] ?? 0;
        if (count === 0) return null;
        return (
          <span
            key={name}
            className="min-h-0.5 w-full first:rounded-b-none last:rounded-t-xs"
            style={{ height: `${(count / maximum) * 100}%`, background: color }}
          />
        );
      })}
    </div>
  );
}
