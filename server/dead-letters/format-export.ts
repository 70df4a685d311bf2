import type { RunSummary } from "../contracts/runs.ts";

/** Something that turns dead letters into the text of a file, piece by piece. */
export type ExportFormat = {
  contentType: string;
  head: string;
  /** @param isFirst whether nothing came before */
  batch: (runs: RunSummary[], isFirst: boolean) => string;
  tail: string;
};

const COLUMNS: [name: string, of: (run: RunSummary) => string | number | boolean | null][] = [
  ["id", (run) => run.id],
  ["name", (run) => run.name],
  ["language", (run) => run.language],
  ["outcome", (run) => run.outcome],
  ["message", (run) => run.message],
  ["exitCode", (run) => run.lastAttempt?.exitCode ?? null],
  ["attempts", (run) => run.attemptCount],
  ["maxAttempts", (run) => run.maxAttempts],
  ["timeoutMs", (run) => run.timeoutMs],
  ["memoryBytes", (run) => run.memoryBytes],
  ["peakMemoryBytes", (run) => run.lastAttempt?.peakMemoryBytes ?? null],
  ["wallMs", (run) => run.lastAttempt?.wallMs ?? null],
  ["tags", (run) => run.tags.join(" ")],
  ["createdAt", (run) => run.createdAt],
  ["finishedAt", (run) => run.finishedAt],
];

/** A cell by RFC 4180. Text that a spreadsheet would take for a formula is kept from being one: names come from whoever submits. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: (string | number | boolean | null)[]) => `${cells.map(cell).join(",")}\r\n`;

/** Each format of an export. */
export const EXPORTS: Record<"csv" | "json" | "ndjson", ExportFormat> = {
  csv: {
    contentType: "text/csv; charset=utf-8",
    head: csvLine(COLUMNS.map(([name]) => name)),
    batch: (runs) => runs.map((run) => csvLine(COLUMNS.map(([, of]) => of(run)))).join(""),
    tail: "",
  },
  json: {
    contentType: "application/json; charset=utf-8",
    head: "[",
    batch: (runs, isFirst) => runs.map((run, index) => `${isFirst && index === 0 ? "" : ","}\n${JSON.stringify(run)}`).join(""),
    tail: "\n]\n",
  },
  ndjson: {
    contentType: "application/x-ndjson; charset=utf-8",
    head: "",
    batch: (runs) => runs.map((run) => `${JSON.stringify(run)}\n`).join(""),
    tail: "",
  },
};
