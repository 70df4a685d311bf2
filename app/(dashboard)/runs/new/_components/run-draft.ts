import { codesText } from "#app/_components/policy/matrix-text.ts";
import { EMPTY_RETRY_DRAFT, draftOfRetry } from "#app/_components/policy/retry-text.ts";
import type { RetryDraft } from "#app/_components/policy/retry-text.ts";
import { exactDuration, exactLimit } from "#app/_components/policy/limit-text.ts";
import type { Run, SubmitRun } from "#server/contracts/runs.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";

import { argsToText } from "./args-text.ts";

/** One row of the environment; `id` keeps the row's place on screen while it is edited. */
export type EnvRow = {
  id: number;
  name: string;
  value: string;
  /** Encrypted at rest and masked in output. */
  secret: boolean;
  /** The run whose secret of this name is kept as long as no other value is given; null: there is none. */
  from: string | null;
};

/** The New run form as a person sees it: everything is text until it is sent. */
export type RunDraft = {
  language: string;
  source: string;
  name: string;
  args: string;
  stdin: string;
  env: EnvRow[];
  tags: string;
  deadLetter: boolean;
  network: boolean;
  limits: Record<LimitName, string>;
  retry: RetryDraft;
};

const noLimits = () => Object.fromEntries(LIMIT_NAMES.map((name) => [name, ""])) as Record<LimitName, string>;

/** An empty form. */
export function emptyDraft(): RunDraft {
  return {
    language: "bash",
    source: "",
    name: "",
    args: "",
    stdin: "",
    env: [],
    tags: "",
    deadLetter: true,
    network: false,
    limits: noLimits(),
    retry: EMPTY_RETRY_DRAFT,
  };
}

const envRows = (env: SubmitRun["env"]): EnvRow[] =>
  Object.entries(env ?? {}).map(([name, given], id) => {
    if (typeof given === "string") return { id, name, value: given, secret: false, from: null };
    return "value" in given
      ? { id, name, value: given.value, secret: given.secret ?? false, from: null }
      : { id, name, value: "", secret: true, from: given.from };
  });

/** What a run shows of its environment, as what would submit it again: its secrets are kept without being seen. */
const envOfRun = ({ id, env, secretEnv = [] }: Run): SubmitRun["env"] =>
  Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, secretEnv.includes(name) ? { from: id } : value]));

/** The form that would submit the same run again, policy and all. */
export function draftOfRun(run: Run): RunDraft {
  return {
    language: run.language,
    source: run.source ?? "",
    name: run.name,
    args: argsToText(run.args),
    stdin: run.stdin ?? "",
    env: envRows(envOfRun(run)),
    tags: run.tags.join(" "),
    deadLetter: run.deadLetter,
    network: run.network,
    limits: Object.fromEntries(LIMIT_NAMES.map((name) => [name, exactLimit(name, run.limits[name])])) as Record<LimitName, string>,
    retry: draftOfRetry(run.retry, exactDuration),
  };
}

/** The form for a submit body, for example a sample's; what it leaves out stays to the settings. */
export function draftOfSubmit(body: SubmitRun): RunDraft {
  const { limits = {}, retry = {} } = body;
  return {
    ...emptyDraft(),
    language: body.language,
    source: body.source,
    name: body.name ?? "",
    args: argsToText(body.args ?? []),
    stdin: body.stdin ?? "",
    env: envRows(body.env),
    tags: (body.tags ?? []).join(" "),
    deadLetter: body.deadLetter ?? true,
    network: body.network ?? false,
    limits: Object.fromEntries(
      LIMIT_NAMES.map((name) => {
        const value = limits[name];
        return [name, value === undefined ? "" : exactLimit(name, value)];
      }),
    ) as Record<LimitName, string>,
    retry: {
      maxRetries: retry.maxRetries === undefined ? "" : String(retry.maxRetries),
      backoff: retry.backoff ?? null,
      delay: retry.delayMs === undefined ? "" : exactDuration(retry.delayMs),
      maxDelay: retry.maxDelayMs === undefined ? "" : exactDuration(retry.maxDelayMs),
      jitter: retry.jitter ?? null,
      retryOn: retry.retryOn ?? null,
      finalCodes: retry.finalExitCodes === undefined ? "" : codesText(retry.finalExitCodes),
      retryCodes: retry.retryExitCodes === undefined ? "" : codesText(retry.retryExitCodes),
      memoryFactor: retry.memoryFactor === undefined ? "" : String(retry.memoryFactor),
      timeoutFactor: retry.timeoutFactor === undefined ? "" : String(retry.timeoutFactor),
    },
  };
}

/** Whether there is something to lose. */
export function isEmptyDraft(draft: RunDraft): boolean {
  return draft.source.trim() === "" && draft.name === "" && draft.args === "" && draft.stdin === "" && draft.env.length === 0;
}

/** The language that a file's name or first line speaks of; null when neither does. */
export function languageOf(fileName: string, source: string): string | null {
  const byName: [RegExp, string][] = [
    [/\.(sh|bash)$/i, "bash"],
    [/\.py$/i, "python"],
    [/\.(m?js|cjs|ts)$/i, "node"],
    [/\.rb$/i, "ruby"],
    [/\.pl$/i, "perl"],
    [/\.php$/i, "php"],
  ];
  const named = byName.find(([pattern]) => pattern.test(fileName));
  if (named) return named[1];
  const shebang = /^#!.*\b(bash|sh|python|node|ruby|perl|php)/.exec(source.split("\n", 1)[0] ?? "")?.[1];
  return shebang === undefined ? null : shebang === "sh" ? "bash" : shebang;
}
