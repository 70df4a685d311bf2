import { GROUNDS } from "./case.ts";
import { allCases } from "./list.ts";

/** What runs where, as Markdown: every case and every ground; where one can't be run, the reason. */
export function conformanceTable(): string {
  const reasons: string[] = [];
  const mark = (reason: string | undefined) => {
    if (reason === undefined) return "✓";
    if (!reasons.includes(reason)) reasons.push(reason);
    return `– [${reasons.indexOf(reason) + 1}]`;
  };
  const rows = allCases(1).map(
    ({ number, title, notOn }) => `| ${number} | ${title.replaceAll("|", "\\|")} | ${GROUNDS.map((ground) => mark(notOn?.[ground])).join(" | ")} |`,
  );
  return [
    "# Conformance of the executor",
    "",
    "Every case, on every ground that it is run on by `npm test`: ✓ is a case that has to pass there, or the build fails. Written",
    "from the list of cases itself (`vitest run --project executor -u table`), so it can't name a case that is not run.",
    "",
    "v1 is the machine's own kernel, v2 one in User-Mode Linux; *delegated* is an ordinary user in a cgroup handed over to it.",
    "",
    `| case | what is tried | ${GROUNDS.join(" | ")} |`,
    `| ---: | --- | ${GROUNDS.map(() => ":---:").join(" | ")} |`,
    ...rows,
    "",
    ...reasons.map((reason, index) => `[${index + 1}]: ${reason}.  `),
    "",
  ].join("\n");
}
