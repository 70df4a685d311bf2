import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { log } from "#server/log.ts";

import { createGround } from "./ground.ts";
import { isReached } from "./line.ts";
import type { Line } from "./line.ts";
import { pickupLine } from "./lines/01-pickup.ts";
import { submitToEndLine } from "./lines/02-submit-to-end.ts";
import { executeLine } from "./lines/03-execute.ts";
import { backlogLine } from "./lines/04-backlog.ts";
import { sandboxedStartLine } from "./lines/05-sandboxed-start.ts";
import { outputIntoPostgresLine } from "./lines/06-output-into-postgres.ts";
import { floodLine } from "./lines/07-flood.ts";
import { liveEventsLine } from "./lines/08-live-events.ts";
import { bulkRetryLine } from "./lines/09-bulk-retry.ts";
import { batchSubmitLine } from "./lines/10-batch-submit.ts";
import { noOpLine } from "./lines/11-no-op.ts";
import { idleLine } from "./lines/12-idle.ts";
import { besideTenMillionLine } from "./lines/13-beside-ten-million.ts";
import { logPageLine } from "./lines/14-log-page.ts";
import { httpPeersLine } from "./lines/15-http-peers.ts";
import { describeGround, toTable } from "./report.ts";
import type { Measured } from "./report.ts";

// `npm run bench`: what Corral costs beside its peers, each measured in the same run. Only ratios travel to another machine, and they
// mean something on one that does nothing else. `-- 2 5` chooses lines. The table goes to test-results, with the figures as JSON beside it.

const LINES: Line[] = [
  pickupLine,
  submitToEndLine,
  executeLine,
  backlogLine,
  sandboxedStartLine,
  outputIntoPostgresLine,
  floodLine,
  liveEventsLine,
  bulkRetryLine,
  batchSubmitLine,
  noOpLine,
  idleLine,
  logPageLine,
  httpPeersLine,
  // Last: what it fills PostgreSQL with has autovacuum busy for minutes.
  besideTenMillionLine,
];
const REPORT = "test-results/bench.md";

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = LINES.filter(({ number }) => positionals.length === 0 || positionals.includes(String(number)));
if (chosen.length === 0) throw new Error(`There is no such line. Choose of: ${LINES.map(({ number }) => number).join(", ")}`);

// What each run says would drown the table.
log.level = "warn";
const where = describeGround();
const ground = createGround();
const measured: Measured[] = [];
mkdirSync(dirname(REPORT), { recursive: true });
const report = () => {
  const told = Object.entries(where).map(([name, value]) => `${name}: ${value}`);
  return `${told.join("; ")}\n\n${toTable(measured.toSorted((one, other) => one.line.number - other.line.number))}\n`;
};
try {
  for (const { measure, ...line } of chosen) {
    const began = performance.now();
    try {
      measured.push({ line, verdicts: await measure(ground) });
    } catch (error) {
      // The others can be measured all the same.
      measured.push({ line, verdicts: [], failure: error instanceof Error ? error.message : String(error) });
    }
    console.error(`${line.number}. ${line.title}: ${Math.round((performance.now() - began) / 1000)} s`);
    writeFileSync(REPORT, report());
    writeFileSync(REPORT.replace(".md", ".json"), JSON.stringify({ where, measured }, null, 2));
  }
} finally {
  await ground.close();
}
console.log(report());
process.exit(measured.every(({ verdicts, failure }) => failure === undefined && verdicts.every(isReached)) ? 0 : 1);
