import { LIMIT_LOOKS, readLimit } from "#app/_components/policy/limit-text.ts";
import { readRetry } from "#app/_components/policy/retry-text.ts";
import type { LimitsInput } from "#server/contracts/policy.ts";
import type { SubmitRun } from "#server/contracts/runs.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";

import { argsFromText } from "./args-text.ts";
import type { EnvRow, RunDraft } from "./run-draft.ts";

const SOURCE_MAX_BYTES = 1024 * 1024;
const STDIN_MAX_BYTES = 4 * 1024 * 1024;
const MAX_TAGS = 20;
const SECRET_MIN_CHARACTERS = 4;

/** What the form needs of the settings. */
export type SubmitRules = Pick<SettingsValues, "limits" | "retry" | "network">;

/** A problem at a field, by the field's path in the submit body: the same paths as the server's. */
export type FieldProblems = Record<string, string>;

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;

/** Tags from a text: parted by commas or spaces, each once. */
export function tagsFromText(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ""))];
}

/** The submit body that a form means, only what was set; and what is wrong with it, by field. */
export function buildSubmit(draft: RunDraft, rules: SubmitRules): { body: SubmitRun; problems: FieldProblems } {
  const problems: FieldProblems = {};
  const body: SubmitRun = { language: draft.language, source: draft.source };

  if (draft.source.trim() === "") problems["source"] = "Write or drop a script first.";
  else if (bytesOf(draft.source) > SOURCE_MAX_BYTES) problems["source"] = "The script must be at most 1 MiB.";

  const name = draft.name.trim();
  if (name.length > 200) problems["name"] = "The name must be at most 200 characters.";
  if (name !== "") body.name = name;

  const args = argsFromText(draft.args);
  if (args.length > 256) problems["args"] = "There may be at most 256 arguments.";
  if (args.length > 0) body.args = args;

  if (bytesOf(draft.stdin) > STDIN_MAX_BYTES) problems["stdin"] = "Standard input must be at most 4 MiB.";
  if (draft.stdin !== "") body.stdin = draft.stdin;

  const env = readEnv(draft.env);
  if (env.problem !== null) problems["env"] = env.problem;
  if (Object.keys(env.values).length > 0) body.env = env.values;

  const tags = tagsFromText(draft.tags);
  const badTag = tags.find((tag) => !/^[\w.:/-]{1,64}$/.test(tag));
  if (badTag !== undefined) problems["tags"] = `“${badTag}” can’t be a tag: 1 to 64 letters, digits or any of _ . : / -`;
  else if (tags.length > MAX_TAGS) problems["tags"] = `There may be at most ${MAX_TAGS} tags.`;
  if (tags.length > 0) body.tags = tags;

  if (!draft.deadLetter) body.deadLetter = false;
  if (draft.network) {
    body.network = true;
    if (!rules.network.allowed) problems["network"] = "The administrator does not allow network access.";
  }

  const limits: LimitsInput = {};
  for (const limit of LIMIT_NAMES) {
    const { value, problem } = readLimit(limit, draft.limits[limit], rules.limits[limit]);
    if (value !== null) limits[limit] = value;
    if (problem !== null) problems[`limits.${limit}`] = problem.message;
  }
  if (Object.keys(limits).length > 0) body.limits = limits;

  const retry = readRetry(draft.retry, rules.retry);
  for (const [field, message] of Object.entries(retry.problems)) problems[`retry.${field}`] = message;
  if (Object.keys(retry.input).length > 0) body.retry = retry.input;

  return { body, problems };
}

/** The environment of its rows; rows without name and value count for nothing. */
export function readEnv(rows: readonly EnvRow[]): { values: NonNullable<SubmitRun["env"]>; problem: string | null } {
  const values: NonNullable<SubmitRun["env"]> = {};
  for (const { name: typed, value, secret, from } of rows) {
    const name = typed.trim();
    if (name === "" && value === "" && from === null) continue;
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
      return { values, problem: `“${name}” can’t be a variable: letters, digits and _, not starting with a digit.` };
    }
    if (name.startsWith("CORRAL_")) return { values, problem: `${name} can’t be set: CORRAL_… variables are Corral’s own.` };
    if (Object.hasOwn(values, name)) return { values, problem: `${name} is there twice.` };
    const kept = secret && value === "" && from !== null;
    if (secret && !kept && value.length < SECRET_MIN_CHARACTERS) {
      return { values, problem: `${name} must be at least ${SECRET_MIN_CHARACTERS} characters to be secret: a shorter value can’t be masked in output.` };
    }
    values[name] = kept ? { from } : secret ? { value, secret } : value;
  }
  return { values, problem: null };
}

const FIELD_NAMES: Record<string, string> = {
  source: "Script",
  language: "Language",
  name: "Name",
  args: "Arguments",
  stdin: "Standard input",
  env: "Environment",
  tags: "Tags",
  network: "Network access",
  deadLetter: "Dead letter",
  "retry.maxRetries": "Retries",
  "retry.delayMs": "First delay",
  "retry.maxDelayMs": "Longest delay",
  "retry.retryOn": "Retry after",
  "retry.finalExitCodes": "Final exit codes",
  "retry.retryExitCodes": "Retried exit codes",
  "retry.memoryFactor": "Memory factor",
  "retry.timeoutFactor": "Timeout factor",
  ...Object.fromEntries(LIMIT_NAMES.map((limit) => [`limits.${limit}`, LIMIT_LOOKS[limit].label])),
};

/** What a field is called on the form. */
export const fieldName = (path: string) => FIELD_NAMES[path] ?? path;

/** The server's errors by the form's fields: `args.3` is the arguments', `env.TOKEN` the environment's. What belongs nowhere is left for the form as a whole. */
export function placeErrors(errors: Record<string, string>): { fields: FieldProblems; rest: string[] } {
  const fields: FieldProblems = {};
  const rest: string[] = [];
  for (const [path, message] of Object.entries(errors)) {
    const own = Object.keys(FIELD_NAMES).find((field) => path === field || path.startsWith(`${field}.`));
    if (own === undefined) rest.push(path === "" ? message : `${path}: ${message}`);
    else fields[own] = path === own ? message : `${path.slice(own.length + 1)}: ${message}`;
  }
  return { fields, rest };
}
