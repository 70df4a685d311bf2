/** Why this host can't execute scripts as it should, with the remedy in the message. */
export class ExecutorSetupError extends Error {
  override readonly name = "ExecutorSetupError";
  readonly code: "bubblewrap_missing" | "setpriv_missing" | "no_runtime" | "cgroup_unwritable" | "sandbox_refused" | "directory_unusable";

  constructor(code: ExecutorSetupError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Whether an error is one of the operating system's, with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
