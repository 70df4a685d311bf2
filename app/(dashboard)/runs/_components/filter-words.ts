import type { Outcome, RunStatus } from "#server/contracts/statuses.ts";

type Filters = { status: RunStatus[]; outcome: Outcome[]; language: string[]; tag: string[]; q: string; from: string | null; to: string | null };

/** The filters that are set, each in words: "status Dead or Failed", "a name like “report”". */
export function filterWords(
  { status, outcome, language, tag, q, from, to }: Filters,
  statusLabel: (status: RunStatus) => string,
  outcomeLabel: (outcome: Outcome) => string,
): string[] {
  const any = (what: string, values: string[]) => (values.length === 0 ? [] : [`${what} ${values.join(" or ")}`]);
  return [
    ...any("status", status.map(statusLabel)),
    ...any("outcome", outcome.map(outcomeLabel)),
    ...any("language", language),
    ...(tag.length === 0 ? [] : [`${tag.length === 1 ? "tag" : "all of the tags"} ${tag.join(", ")}`]),
    ...(q === "" ? [] : [`a name or id like “${q}”`]),
    ...(from === null && to === null ? [] : ["a creation in the time asked for"]),
  ];
}
