import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { ZOD_FREE_CONTRACTS, checkName, checkSource, findCycles } from "./directions.ts";
import { readSource, readSources } from "./read-imports.ts";

const root = join(import.meta.dirname, "../..");
const check = (path: string, text: string) => checkSource(readSource(path, text)).map(({ message }) => message);

/** A rule that matches nothing passes in silence: each is fed what it must refuse. */
const FORBIDDEN: [path: string, source: string, target: string, because: string][] = [
  ["app/(dashboard)/runs/page.tsx", 'import { getRun } from "#server/runs/get-run.ts";', "server/runs/get-run.ts", "contracts and its transports"],
  ["app/page.tsx", 'import { database } from "../server/db/client.ts";', "server/db/client.ts", "contracts and its transports"],
  ["app/sign-in/page.tsx", 'import { startWorker } from "#worker/worker.ts";', "worker/worker.ts", "nothing of the worker"],
  ["app/page.tsx", 'import type { Run } from "#server/db/generated/client.ts";', "server/db/generated/client.ts", "contracts and its transports"],
  ["app/page.tsx", 'export { getRun } from "#server/runs/get-run.ts";', "server/runs/get-run.ts", "contracts and its transports"],
  ["app/page.tsx", 'const runs = await import("#server/runs/get-run.ts");', "server/runs/get-run.ts", "contracts and its transports"],
  ["app/page.tsx", 'import { PrismaClient } from "@prisma/client";', "@prisma/client", "never talks to the database"],
  ["app/page.tsx", 'import { Pool } from "pg";', "pg", "never talks to the database"],
  ["app/page.tsx", 'import { PgBoss } from "pg-boss";', "pg-boss", "never talks to the database"],
  ["app/page.tsx", 'import { spawn } from "node:child_process";', "node:child_process", "only the worker's executor starts processes"],
  ["app/page.tsx", 'import { spawn } from "child_process";', "node:child_process", "only the worker's executor starts processes"],
  ["app/page.tsx", 'const { spawn } = require("child_process");', "node:child_process", "only the worker's executor starts processes"],
  ["server/runs/get-run.ts", 'import { spawn } from "node:child_process";', "node:child_process", "only the worker's executor starts processes"],
  ["proxy.ts", 'import { database } from "#server/db/client.ts";', "server/db/client.ts", "contracts and its transports"],
  ["app/runs/view.tsx", 'import { runSchema } from "#server/contracts/runs.ts";', "server/contracts/runs.ts", "free of Zod"],
  ["app/runs/view.tsx", '"use client";\nimport { appRouter } from "#server/api/app-router.ts";', "server/api/app-router.ts", "types alone"],
  ["server/runs/get-run.ts", 'import { Button } from "#app/_components/ui/button.tsx";', "app/_components/ui/button.tsx", "knows neither"],
  ["server/api/app-router.ts", 'import { startWorker } from "../../worker/worker.ts";', "worker/worker.ts", "knows neither"],
  ["server/contracts/runs.ts", 'import { NotFoundError } from "../errors.ts";', "server/errors.ts", "contracts are pure"],
  ["server/contracts/runs.ts", 'import superjson from "superjson";', "superjson", "contracts are pure"],
  ["server/contracts/runs.ts", 'import { readFileSync } from "node:fs";', "node:fs", "contracts are pure"],
  ["server/errors.ts", 'import { database } from "./db/client.ts";', "server/db/client.ts", "lowest floor"],
  ["server/db/client.ts", 'import { submitRun } from "../runs/submit-run.ts";', "server/runs/submit-run.ts", "knows no verb"],
  ["server/db/client.ts", 'import { queue } from "../queue/queue.ts";', "server/queue/queue.ts", "knows no verb and no queue"],
  ["server/queue/queue.ts", 'import { submitRun } from "../runs/submit-run.ts";', "server/runs/submit-run.ts", "knows no verb"],
  ["server/runs/get-run.ts", 'import { procedure } from "../api/procedures.ts";', "server/api/procedures.ts", "top floor"],
  ["server/api/addresses.ts", 'import { createWebServer } from "../web/web-server.ts";', "server/web/web-server.ts", "knows of no process"],
  ["worker/worker.ts", 'import { appRouter } from "#server/api/app-router.ts";', "server/api/app-router.ts", "not its transports"],
  ["worker/worker.ts", 'import { Button } from "#app/_components/ui/button.tsx";', "app/_components/ui/button.tsx", "nothing of app"],
  ["worker/executor/execute.ts", 'import { log } from "#server/log.ts";', "server/log.ts", "leaf on Node"],
  ["worker/executor/cgroup/v2.ts", 'import { slots } from "../../slots.ts";', "worker/slots.ts", "leaf on Node"],
  ["worker/executor/execute.ts", 'import { z } from "zod";', "zod", "leaf on Node"],
  ["worker/worker.ts", 'import { PgBoss } from "pg-boss";', "pg-boss", "only server/queue knows pg-boss"],
  ["server/runs/submit-run.ts", 'import type { Job } from "pg-boss";', "pg-boss", "only server/queue knows pg-boss"],
  ["server/runs/submit-run.ts", 'import { Client } from "pg";', "pg", "only server/db makes database clients"],
  ["worker/worker.ts", 'import { PrismaPg } from "@prisma/adapter-pg";', "@prisma/adapter-pg", "only server/db makes database clients"],
  [
    "server/runs/submit-run.ts",
    'import { PrismaClient } from "../db/generated/client.ts";',
    "server/db/generated/client.ts",
    "only server/db uses the generated client",
  ],
];

const ALLOWED: [path: string, source: string][] = [
  ["app/page.tsx", 'import { RUN_STATUSES } from "#server/contracts/statuses.ts";'],
  ["app/page.tsx", 'import type { Run } from "#server/contracts/runs.ts";'],
  ["app/page.tsx", 'import { type Run } from "#server/contracts/runs.ts";'],
  ["app/_trpc/client.tsx", '"use client";\nimport type { AppRouter } from "#server/api/app-router.ts";'],
  ["server/web/web-server.ts", 'import { handleApi } from "../api/addresses.ts";'],
  ["server/contracts/runs.ts", 'import { z } from "zod";\nimport { LANES } from "./statuses.ts";'],
  ["server/db/client.ts", 'import { Pool } from "pg";\nimport { config } from "../config.ts";\nimport { PrismaClient } from "./generated/client.ts";'],
  ["server/queue/queue.ts", 'import { PgBoss } from "pg-boss";\nimport type { Transaction } from "../db/client.ts";'],
  ["server/runs/submit-run.ts", 'import type { Run } from "../db/generated/client.ts";\nimport { queue } from "../queue/queue.ts";'],
  ["server/api/routers/runs.ts", 'import { submitRun } from "../../runs/submit-run.ts";'],
  ["worker/worker.ts", 'import { leaseRuns } from "#server/runs/lease-runs.ts";\nimport { createExecutor } from "./executor/executor.ts";'],
  ["worker/executor/execute.ts", 'import { spawn } from "node:child_process";\nimport { detect } from "./cgroup/detect.ts";'],
];

describe("import directions", () => {
  test.each(FORBIDDEN)("%s may not hold: %s", (path, source, target, because) => {
    const messages = check(path, source);
    expect(messages.some((message) => message.startsWith(`must not import ${target}: `) && message.includes(because))).toBe(true);
  });

  test.each(ALLOWED)("%s may hold: %s", (path, source) => {
    expect(check(path, source)).toEqual([]);
  });

  test("a circle is told, a circle of types alone is not", () => {
    const a = readSource("server/a.ts", 'import { b } from "./b.ts";');
    expect(findCycles([a, readSource("server/b.ts", 'import { a } from "./a.ts";')])).toHaveLength(1);
    expect(findCycles([a, readSource("server/b.ts", 'import type { A } from "./a.ts";')])).toEqual([]);
  });

  test.each(["server/utils.ts", "app/_components/helpers/date.ts", "worker/common.ts"])("%s is no name", (path) => {
    expect(checkName(path)).toHaveLength(1);
  });

  test("the contracts that browser code may take values from are free of Zod", () => {
    const contracts = readSources(root).filter(({ path }) => path.startsWith("server/contracts/") && !path.includes(".test."));
    const byPath = new Map(contracts.map((source) => [source.path, source]));
    const reachesZod = (path: string): boolean =>
      (byPath.get(path)?.imports ?? []).some(({ target, isType }) => !isType && (target === "zod" || reachesZod(target)));
    const listed = contracts.map(({ path }) => path).filter((path) => ZOD_FREE_CONTRACTS.test(path));
    expect(listed).toHaveLength(6);
    expect(listed.filter(reachesZod)).toEqual([]);
  });

  test("every source of the project is looked at, and keeps to them", () => {
    const sources = readSources(root);
    for (const folder of ["app/", "server/", "server/contracts/", "server/db/", "server/queue/", "worker/", "worker/executor/"]) {
      expect(sources.some(({ path }) => path.startsWith(folder))).toBe(true);
    }
    expect([...sources.flatMap(checkSource), ...findCycles(sources)]).toEqual([]);
  });
});
