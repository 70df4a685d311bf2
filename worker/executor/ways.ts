import type { AttemptRunner } from "./attempt-runner.ts";
import { proveSandbox } from "./prove-sandbox.ts";
import type { ExecutionGround } from "./result.ts";
import type { InstalledRuntime } from "./runtimes.ts";
import type { Isolation } from "./types.ts";

/** One way in which a host may let sandboxes be made. */
export type Way = Pick<ExecutionGround, "isolation" | "network">;

/** The ways to try, best first: a user namespace before root's rights, a network of its own before the host's. */
export function possibleWays(wanted: Isolation | undefined, isRoot: boolean, canIsolateNetwork: boolean): Way[] {
  const isolations: Isolation[] = wanted === undefined ? ["user-namespaces", ...(isRoot ? (["root"] as const) : [])] : [wanted];
  return isolations.flatMap((isolation): Way[] => [
    ...(canIsolateNetwork ? [{ isolation, network: "isolated" as const }] : []),
    { isolation, network: "host" },
  ]);
}

/**
 * The first way in which this host really runs a script, with and without network; and why it could not be with a network
 * of its own, if that was tried in vain.
 * @throws the first way's ExecutorSetupError when none works
 */
export async function firstThatWorks<T extends { runner: AttemptRunner }>(
  ways: Way[],
  make: (way: Way) => Promise<T>,
  runtimes: InstalledRuntime[],
): Promise<{ made: T; networkRefusal: string | null }> {
  let refusal: unknown;
  let networkRefusal: string | null = null;
  for (const way of ways) {
    const made = await make(way);
    try {
      // With its network first: what was tried last is what the sandboxes made ahead of time look like.
      if (way.network === "isolated") await proveSandbox(made.runner.run, runtimes, true);
      await proveSandbox(made.runner.run, runtimes, false);
      return { made, networkRefusal };
    } catch (error) {
      await made.runner.close();
      refusal ??= error;
      if (way.network === "isolated") networkRefusal = error instanceof Error ? error.message : String(error);
    }
  }
  throw refusal;
}
