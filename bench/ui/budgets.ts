/** What the dashboard may cost, each figure measured in a real browser. `gate` is what a busy build machine has to hold; null: it is only reported there. */
export type Budget = { name: string; unit: "kB" | "ms" | ""; budget: number; gate: number | null };

export type Measure = Budget & { value: number };

const kB = (name: string, budget: number): Budget => ({ name, unit: "kB", budget, gate: budget * 1.05 });
const ms = (name: string, budget: number, gate: number | null): Budget => ({ name, unit: "ms", budget, gate });

/** Per page; what a list may load, every page may that has no editor or log. */
export const pageBudgets = {
  js: (page: string, most: number) => kB(`JavaScript, ${page}`, most),
  lcp: (page: string) => ms(`Largest paint, ${page}`, 1_000, 8_000),
  lcpThrottled: (page: string) => ms(`Largest paint at 4 × CPU throttle, ${page}`, 2_000, null),
  cls: (page: string): Budget => ({ name: `Layout shift, ${page}`, unit: "", budget: 0.02, gate: 0.05 }),
  strangers: (page: string): Budget => ({ name: `Requests to other origins, ${page}`, unit: "", budget: 0, gate: 0 }),
};

export const logBudgets = {
  open: ms("Open a log of 1,000,000 lines", 1_000, 8_000),
  end: ms("Jump to its end", 300, 3_000),
  search: ms("Search all of it", 1_000, 12_000),
  scrollP50: ms("Scroll 200,000 lines, frame p50", 17, 50),
  scrollP95: ms("Scroll 200,000 lines, frame p95", 25, 150),
  nodes: { name: "Nodes in the document beside it", unit: "", budget: 600, gate: 700 },
  interaction: ms("Slowest interaction with it", 100, 1_000),
  // Two frames at 60 Hz last 33.3 ms.
  streamP95: ms("5,000 lines a second, frame p95", 33.4, 200),
  visibleP95: ms("Line printed to line visible, p95", 500, 4_000),
} satisfies Record<string, Budget>;

export const measured = (budget: Budget, value: number): Measure => ({ ...budget, value });

const shown = ({ unit, value }: Pick<Measure, "unit" | "value">) =>
  `${unit === "" ? Number(value.toFixed(3)) : Math.round(value)}${unit === "" ? "" : ` ${unit}`}`;

/** One table over all that was measured. */
export function toReport(measures: readonly Measure[]): string {
  const rows = measures.map((measure) => {
    const { name, unit, value, budget } = measure;
    return `| ${name} | ${shown(measure)} | ${shown({ unit, value: budget })} | ${value <= budget ? "✓" : "over"} |`;
  });
  return ["| what | measured | budget | |", "| --- | ---: | ---: | :---: |", ...rows].join("\n");
}
