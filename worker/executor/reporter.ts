import { constants } from "node:os";

/** Descriptors of the launch chain beyond the standard streams; the script gets none of them. */
export const FD = { args: 3, status: 4, seccomp: 5, source: 6, gate: 7, report: 8 } as const;

/** What opens the gate. Anything else, also the end of file that a dead worker leaves, keeps it shut. */
export const GO = "go\n";
/** The reporter's first word: the sandbox is complete, and nothing of the script has run. */
export const READY = /^ready$/m;

/**
 * The one process beside the script in its sandbox, a shell, because bubblewrap reports a script that was killed by a
 * signal and one that exited with 128 + n alike.
 *
 * - It waits at the gate, so that a script whose worker died during the set-up never starts (bubblewrap's own
 *   --block-fd takes an end of file for a yes).
 * - A shell prints a word about a child that a signal ended, and nothing about one that exited with the same number. The
 *   child is a subshell's exec, or the word would go to the script's own stderr. (About SIGINT and SIGPIPE no shell says
 *   anything: these two read as exit codes 130 and 141.)
 * - It survives the signals of a polite end, which its child gets as usual (a handler is reset on exec, other than an
 *   ignored signal).
 * - It counts what the script left behind while all of it is still alive: when bubblewrap's end is seen outside, the
 *   kernel is already killing them. Zombies are not counted. Only builtins: it can't fork at the process limit.
 */
export const REPORTER = [
  "trap : HUP INT QUIT TERM USR1 USR2",
  `exec 9>&2 2>&${FD.report} ${FD.report}>&-`,
  "echo ready >&2",
  `read -r word <&${FD.gate} && [ "$word" = go ] || exit 125`,
  `exec ${FD.gate}<&-`,
  '[ -x "$1" ] || { echo "missing" >&2; exit 127; }',
  '( exec "$@" 2>&9 9>&- )',
  "code=$?",
  "left=0",
  "for process in /proc/[0-9]*; do",
  '  case $process in /proc/1 | "/proc/$$") continue ;; esac',
  '  { read -r stat <"$process/stat"; } 2>/dev/null || continue',
  "  case ${stat##*) } in Z* | X*) ;; *) left=$((left + 1)) ;; esac",
  "done",
  'echo "= $code $left" >&2',
  'exit "$code"',
].join("\n");

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

/**
 * Reads a report. A script can neither forge nor silence it unnoticed: the channel is a socket, which can't be opened
 * again through /proc, and a reporter that was killed lacks its last word.
 * @param bubblewrapCode the exit code in bubblewrap's own status, null when bubblewrap itself was killed
 */
export function readReport(report: string, bubblewrapCode: number | null): ScriptEnd {
  const said = report.replace(READY, "").trim();
  const [, remark = "", code, left] = /^(.*?)\n?= (\d+) (\d+)$/s.exec(said) ?? [];
  if (code === undefined) {
    const missing = said === "missing" ? "its interpreter is not on this host any more." : null;
    const signal = missing === null ? (SIGNALS.get((bubblewrapCode ?? 0) - 128) ?? "SIGKILL") : null;
    return { exitCode: null, signal, leftovers: null, startFailure: missing };
  }
  const exitCode = Number(code);
  const leftovers = Number(left);
  // The kernel refused the interpreter: only the shell itself says something and exits with one of these.
  if (remark !== "" && (exitCode === 126 || exitCode === 127)) return { exitCode: null, signal: null, leftovers, startFailure: remark.trim() };
  const signal = remark === "" ? null : (SIGNALS.get(exitCode - 128) ?? null);
  return { exitCode: signal === null ? exitCode : null, signal, leftovers, startFailure: null };
}
