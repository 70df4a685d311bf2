import { UNWRITABLE } from "./reporter.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import { CONTROL, WORKSPACE } from "./sandbox.ts";
import type { ExecutionSpec } from "./types.ts";

const DEFAULT_PATH = "/opt/corral/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Names that mean something to one shell or the other: to set one there may fail or change how the rest is read. They go
 * through env(1) instead.
 */
const SHELLS_OWN =
  /^(?:BASH\w*|COMP_\w+|DIRSTACK|ENV|E?UID|EPOCH\w+|FIGNORE|FUNC\w+|GLOBIGNORE|GROUPS|HIST\w*|IFS|INTERACTIVE|LINENO|MAIL\w*|OLDPWD|OPT\w*|PIPESTATUS|POSIXLY_CORRECT|PPID|PS\d|PWD|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|TIMEFORMAT|TMOUT|_|go|interpreter)$/;

/**
 * What the reporter's child reads at the gate: a shell program, of builtins alone, that writes the script's files into
 * its workspace, sets its environment and names the command. It runs inside the sandbox, as the script's uid and within
 * its limits, so that nothing of a script is ever written by the worker.
 */
export function startProgram(runtime: InstalledRuntime, spec: ExecutionSpec): string {
  const file = `${WORKSPACE}/${runtime.fileName}`;
  const stdin = `${CONTROL}/stdin`;
  const env: Record<string, string> = {
    ...spec.env,
    PATH: spec.env["PATH"] ?? DEFAULT_PATH,
    HOME: spec.env["HOME"] ?? WORKSPACE,
    LANG: spec.env["LANG"] ?? "C.UTF-8",
    TMPDIR: spec.env["TMPDIR"] ?? "/tmp",
    CORRAL_RUN_ID: spec.runId,
    CORRAL_ATTEMPT: String(spec.attempt),
  };
  const awkward = Object.entries(env).filter(([name]) => !isPlainName(name));
  const interpreter = runtime.bindAt ?? runtime.program;
  const command = [
    ...(awkward.length === 0 ? [] : ["/usr/bin/env", ...awkward.map(([name, value]) => `${name}=${value}`)]),
    interpreter,
    ...runtime.flags,
    file,
    ...spec.args,
  ];
  return [
    ...written(spec.source, file),
    // A file, and no pipe: a script may open /dev/stdin, and may do so after everything was written.
    ...(spec.stdin === null || spec.stdin === "" ? [] : [...written(spec.stdin, stdin), `exec <${stdin}`]),
    ...Object.entries(env)
      .filter(([name]) => isPlainName(name))
      .map(([name, value]) => `export ${name}=${quote(value)} 2>/dev/null`),
    `interpreter=${quote(interpreter)}`,
    `set -- ${command.map(quote).join(" ")}`,
    "go=yes",
    // Not at an end of file: the worker keeps the gate open, since a named pipe without a writer could not be opened.
    "return 0",
    "",
  ].join("\n");
}

/** In pieces: a shell holds what it parses several times over, within the script's own memory limit. */
function written(text: string, file: string): string[] {
  const orUnwritable = ` 2>/dev/null || { echo ${UNWRITABLE} >&2; exit 126; }`;
  const pieces = text.match(/[^]{1,16384}/gu) ?? [];
  return [`: >${file}${orUnwritable}`, `exec 8>${file}`, ...pieces.map((piece) => `printf %s ${quote(piece)} >&8${orUnwritable}`), "exec 8>&-"];
}

const isPlainName = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !SHELLS_OWN.test(name);

const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The kernel's bounds of what a program is started with (execve(2)): one string, and a quarter of an 8 MiB stack for all. */
const STRING_MAX_BYTES = 128 * 1024;
const STRINGS_MAX_BYTES = 2 * 1024 * 1024;
/** What the launch adds: defaults of the environment, interpreter, pointers. */
const STRINGS_RESERVE_BYTES = 64 * 1024;

/**
 * Why a spec can't be run as it is, in words that go on after "It could not be started:"; null when it can. A NUL can't
 * be in an argument, a variable or a shell's word: what follows it would be lost, or be something else.
 */
export function unusable(spec: ExecutionSpec): string | null {
  if (spec.source.includes("\0")) return "its source holds a NUL character.";
  if (spec.stdin?.includes("\0") === true) return "its stdin holds a NUL character.";
  if (spec.args.some((arg) => arg.includes("\0"))) return "one of its arguments holds a NUL character.";
  if (spec.runId.includes("\0")) return "its run's id holds a NUL character.";
  for (const [name, value] of Object.entries(spec.env)) {
    if (name === "" || name.includes("=") || name.includes("\0")) return `${JSON.stringify(name)} can't be the name of an environment variable.`;
    if (value.includes("\0")) return `the value of its environment variable ${name} holds a NUL character.`;
  }
  const strings = [...spec.args, ...Object.entries(spec.env).map(([name, value]) => `${name}=${value}`)].map((text) => Buffer.byteLength(text) + 1);
  const together = strings.reduce((sum, bytes) => sum + bytes + 8, 0);
  if (strings.some((bytes) => bytes > STRING_MAX_BYTES) || together > STRINGS_MAX_BYTES - STRINGS_RESERVE_BYTES)
    return "its arguments and environment are longer than the system allows (128 KiB each, 2 MiB together). Pass them in stdin.";
  return null;
}
