import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { GROUNDS } from "./case.ts";
import { allCases } from "./list.ts";

/** What runs where, as Markdown: every case and every ground; where one can't be run, the reason. */
export function conformanceTable(): string {
  const reasons: string[] = [];
  const mark = (reason: string | undefined) => {
    if (reason === undefined) return "✓";
    if (!reasons.includes(reason)) reasons.push(reason);
    return `– (${reasons.indexOf(reason) + 1})`;
  };
  const rows = allCases(1).map(
    ({ number, title, notOn }) => `| ${number} | ${title.replaceAll("|", "\\|")} | ${GROUNDS.map((ground) => mark(notOn?.[ground])).join(" | ")} |`,
  );
  return [
    `| case | what is tried | ${GROUNDS.join(" | ")} |`,
    `| ---: | --- | ${GROUNDS.map(() => ":---:").join(" | ")} |`,
    ...rows,
    "",
    ...reasons.map((reason, index) => `(${index + 1}) ${reason}.  `),
  ].join("\n");
}

const DOCUMENT = join(import.meta.dirname, "../../../ARCHITECTURE.md");
/** Between these two lines of it the table stands. */
const MARKED = /(?<=<!-- conformance: .*? -->\n\n)[^]*?(?=\n\n<!-- conformance ends -->)/;

/** The table as it was written down last. */
export const publishedTable = (): string => MARKED.exec(readFileSync(DOCUMENT, "utf8"))?.[0] ?? "";

if (import.meta.main) writeFileSync(DOCUMENT, readFileSync(DOCUMENT, "utf8").replace(MARKED, conformanceTable().replaceAll("$", "$$$$")));
