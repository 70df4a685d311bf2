import { constants } from "node:os";

/** Descriptors of the launch chain beyond the standard streams; the script gets none of them. */
export const FD = { args: 3, status: 4, report: 5, gate: 6, seccomp: 7 } as const;

/** The reporter's first word: the sandbox is complete, and nothing of the script has run. */
export const READY = /^ready$/m;

/**
 * The one process beside the script in its sandbox, and the first of its pid namespace: a shell, because bubblewrap
 * reports a script that was killed by a signal and one that exited with 128 + n alike.
 *
 * - Its child waits at the gate, a named pipe, for the program that tells it what to become (start-program.ts). An end of
 *   file without the last word of it keeps the gate shut, so a script whose worker died never starts (bubblewrap's own
 *   --block-fd takes an end of file for a yes).
 * - A shell prints a word about a child that a signal ended, and nothing about one that exited with the same number. The
 *   child is a subshell's exec, or the word would go to the script's own stderr. (About SIGINT and SIGPIPE no shell says
 *   anything: these two read as exit codes 130 and 141.)
 * - As the first of its namespace nothing inside can kill it, and it buries whatever the script orphans. It survives
 *   the signals of a polite end, which its child gets as usual (a subshell's traps are reset).
 * - It sets what no cgroup knows, for itself and whatever it starts.
 * - It counts what the script left behind while all of it is still alive: when bubblewrap's end is seen outside, the
 *   kernel has killed them. Zombies are not counted. Only builtins: it can't fork at the process limit.
 */
export const REPORTER = [
  "umask 022 && ulimit -c 0 && ulimit -n 1024 || exit 119",
  "trap : HUP INT QUIT TERM USR1 USR2",
  `exec 9>&2 2>&${FD.report} ${FD.report}>&-`,
  "( echo ready >&2",
  `. /proc/self/fd/${FD.gate}`,
  '[ "$go" = yes ] || exit 125',
  `exec ${FD.gate}<&-`,
  '[ -x "$interpreter" ] || { echo missing >&2; exit 127; }',
  'exec "$@" 2>&9 9>&- )',
  "code=$?",
  "left=0",
  "for process in /proc/[0-9]*; do",
  '  [ "$process" = /proc/1 ] && continue',
  '  { read -r stat <"$process/stat"; } 2>/dev/null || continue',
  "  case ${stat##*) } in Z* | X*) ;; *) left=$((left + 1)) ;; esac",
  "done",
  'echo "= $code $left" >&2',
  'exit "$code"',
].join("\n");

/** What the program at the gate says when it could not write the script's files. */
export const UNWRITABLE = "unwritable";

/** How the script ended, as the reporter and bubblewrap tell it. */
export type ScriptEnd = {
  exitCode: number | null;
  signal: string | null;
  /** Processes of the script that outlived it; null when nobody could count them. */
  leftovers: number | null;
  /** Why nothing of the script ran. */
  startFailure: string | null;
};

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** What the shell's remarks about a start that failed mean to a person. */
const START_FAILURES: [RegExp, string][] = [
  [/^missing$/m, "its interpreter is not on this host any more."],
  [new RegExp(`^${UNWRITABLE}$`, "m"), "its source or its stdin does not fit in its workspace. Raise diskMaxBytes."],
];

/** What the launch chain says before the script's end. */
const PROGRESS = /^(?:network|ready)$/gm;

/**
 * Reads a report. A script can neither forge nor silence it unnoticed: the channel is a socket, which can't be opened
 * again through /proc, and a reporter that was killed lacks its last word.
 * @param bubblewrapCode the exit code in bubblewrap's own status, null when bubblewrap itself was killed
 */
export function readReport(report: string, bubblewrapCode: number | null): ScriptEnd {
  const said = report.replace(PROGRESS, "").trim();
  const [, remark = "", code, left] = /^(.*?)\n?= (\d+) (\d+)$/s.exec(said) ?? [];
  if (code === undefined) {
    const signal = SIGNALS.get((bubblewrapCode ?? 0) - 128) ?? "SIGKILL";
    return { exitCode: null, signal, leftovers: null, startFailure: null };
  }
  const exitCode = Number(code);
  const leftovers = Number(left);
  // The kernel refused the interpreter, or the gate its program: only the shell itself says something and exits with one of these.
  if (remark !== "" && exitCode >= 125 && exitCode <= 127) {
    const startFailure = START_FAILURES.find(([pattern]) => pattern.test(remark))?.[1] ?? remark.trim();
    return { exitCode: null, signal: null, leftovers, startFailure };
  }
  const signal = remark === "" ? null : (SIGNALS.get(exitCode - 128) ?? null);
  return { exitCode: signal === null ? exitCode : null, signal, leftovers, startFailure: null };
}
