import type { ServiceContext } from "#server/context.ts";
import type { Limits } from "#server/contracts/policy.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import { readSettings } from "#server/settings/read-settings.ts";
import type { Executor } from "#worker/executor/types.ts";

/** What a run gets that asks for nothing. */
export async function defaultLimits({ database }: ServiceContext): Promise<Limits> {
  const { values } = await readSettings(database);
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, values.limits[name].default])) as Limits;
}

export type Script = { language: string; source: string; limits: Limits };

let count = 0;

/** Executes a script by Corral's executor alone, and hands over what it prints. @throws when it did not succeed */
export async function executeAlone(executor: Executor, { language, source, limits }: Script, onOutput: (bytes: Buffer) => void): Promise<void> {
  count += 1;
  const id = `bench-${count}`;
  const { outcome, message } = await executor.execute(
    {
      id,
      runId: id,
      attempt: 1,
      language,
      source,
      args: [],
      env: {},
      stdin: null,
      limits,
      network: false,
      gracePeriodMs: 1_000,
      onOutputLimit: "truncate",
    },
    { onOutput: ({ bytes }) => onOutput(bytes) },
  );
  if (outcome !== "succeeded") throw new Error(`A script of the benchmark ended: ${message}`);
}
