"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsStringLiteral, useQueryState } from "nuqs";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import { HISTOGRAM_RANGES, HISTOGRAM_SPANS } from "#server/contracts/overview.ts";
import type { HistogramBar } from "#server/contracts/overview.ts";

import { OutcomeBars } from "./outcome-bars.tsx";
import { SERIES, totalOf, totalText } from "./outcome-series.ts";

/** How the runs of the last hour, day or week ended. */
export function OutcomeCard() {
  const trpc = useTRPC();
  const router = useRouter();
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(HISTOGRAM_RANGES).withDefault("24h"));
  const histogram = useQuery(trpc.overview.histogram.queryOptions({ range }, { placeholderData: keepPreviousData }));
  const bars = histogram.data?.bars;
  return (
    <Card
      title="Runs by outcome"
      description="By when they were created"
      actions={
        <div role="group" aria-label="Time shown" className="flex rounded-md border border-line bg-inset p-0.5">
          {HISTOGRAM_RANGES.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={range === one}
              onClick={() => void setRange(one)}
              className={cx(
                "h-6 rounded-sm px-2 text-xs font-medium transition-colors duration-75",
                range === one ? "bg-surface text-fg shadow-sm ring-1 ring-line-strong" : "text-fg-muted hover:text-fg",
              )}
            >
              {HISTOGRAM_SPANS[one].label}
            </button>
          ))}
        </div>
      }
    >
      <div aria-busy={histogram.isPlaceholderData || bars === undefined} className="min-h-[15.5rem]">
        {bars !== undefined ? (
          <div className={cx("flex flex-col gap-3", histogram.isPlaceholderData && "opacity-60")}>
            <OutcomeBars
              key={range}
              bars={bars}
              // While another stretch is on its way its bars are still those of the one before.
              range={HISTOGRAM_RANGES.find((one) => HISTOGRAM_SPANS[one].bars === bars.length) ?? range}
              onPick={(from, to) => router.push(`/runs?${new URLSearchParams({ from, to }).toString()}`)}
            />
            <Legend bars={bars} />
          </div>
        ) : histogram.isError ? (
          <ErrorState
            title="The histogram could not be loaded"
            {...describeError(histogram.error)}
            onRetry={() => void histogram.refetch()}
            retrying={histogram.isFetching}
          />
        ) : (
          <Skeleton className="h-[15.5rem] w-full" />
        )}
      </div>
    </Card>
  );
}

/** What the colours mean, with how many there are of each; each leads to its runs. */
function Legend({ bars }: { bars: HistogramBar[] }) {
  const from = bars[0]?.from ?? "";
  const present = SERIES.filter(({ name }) => totalOf(bars, [name]).count > 0);
  return (
    <ul aria-label="Outcomes" className="flex min-h-6 flex-wrap gap-x-4 gap-y-1 pl-11 text-xs">
      {present.map(({ name, label, color }) => (
        <li key={name}>
          <Link
            href={`/runs?${new URLSearchParams({ ...(name === "open" ? { status: "queued,running" } : { outcome: name }), from }).toString()}`}
            prefetch={false}
            className="flex h-6 items-center gap-1.5 rounded-xs text-fg-muted hover:text-fg hover:underline"
          >
            <span aria-hidden className="size-2.5 rounded-xs" style={{ background: color }} />
            {label}
            <span className="font-medium text-fg">{totalText(totalOf(bars, [name]))}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
