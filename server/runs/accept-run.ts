import type { Actor } from "../context.ts";
import { LANGUAGES } from "../contracts/languages.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import { InvalidInputError } from "../errors.ts";
import { sealEnv } from "../secrets/seal-env.ts";
import { suggest } from "../suggest.ts";
import { readFleet } from "../workers/read-fleet.ts";
import { policyResolver } from "./resolve-policy.ts";

/** A run's environment as it is kept, and the key that its secrets are sealed with. */
export type SealedEnv = Awaited<ReturnType<typeof sealEnv>>;

/**
 * What is asked of a run that needs the database: that somebody knows its language, and its environment with the secrets sealed.
 * @throws InvalidInputError naming what is refused
 */
export async function prepareRun(database: Database, actor: Actor, { language, env = {} }: SubmitRun): Promise<SealedEnv> {
  await requireKnownLanguage(database, language);
  return sealEnv(database.client, actor, env);
}

/**
 * What is written of a run that is submitted: what was asked, and for the rest what the settings say.
 * @param policyOf one for all runs of a batch
 * @throws LimitExceededError, InvalidInputError naming what is refused.
 */
export function acceptRun(settings: SettingsValues, body: SubmitRun, lane: Lane, policyOf = policyResolver(settings)) {
  const { limits, retry } = policyOf(body);
  if (body.network === true && !settings.network.allowed) {
    throw new InvalidInputError([{ path: "network", message: "is not allowed by the administrator; leave it out or ask for it in Settings." }]);
  }
  return {
    name: body.name ?? defaultName(body),
    language: body.language,
    args: body.args ?? [],
    lane,
    limits,
    retry,
    tags: [...new Set(body.tags ?? [])],
    priority: body.priority ?? 0,
    deadLetter: body.deadLetter ?? true,
    network: body.network ?? false,
  };
}

/** One that Corral knows may wait for a worker that has it; any other has to be offered now, or is a slip. */
async function requireKnownLanguage(database: Database, language: string) {
  const known: string[] = LANGUAGES.map(({ id }) => id);
  if (known.includes(language)) return;
  const offered = (await readFleet(database)).workers.flatMap((worker) => worker.languages);
  if (offered.includes(language)) return;
  const choices = [...new Set([...known, ...offered])];
  const meant = suggest(language, choices);
  const remedy = meant === null ? `use one of ${choices.join(", ")}.` : `did you mean ${meant}?`;
  throw new InvalidInputError([{ path: "language", message: `${JSON.stringify(language)} is no language that Corral knows; ${remedy}` }]);
}

/** The first line that says something, so that a nameless run can be told from the next. */
function defaultName({ source, language }: SubmitRun): string {
  const line = source
    .split("\n")
    .map((text) => text.replace(/^\s*(#(?!!)|\/\/|\/\*+|"""|''')\s*/, "").trim())
    .find((text) => text !== "" && !text.startsWith("#!"));
  return (line ?? `${language} script`).slice(0, 80);
}
