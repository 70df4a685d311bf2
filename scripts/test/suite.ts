import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Something that is run and counted. */
export type Suite = {
  title: string;
  command: string[];
  /** What of the output counts; without it the suite is one check, passed when its command ends with 0. */
  count?: (output: string) => Count | Promise<Count>;
};

export type Count = { passed: number; failed: number };
export type Verdict = Count & { title: string; output: string; took: string };

/** What a suite leaves behind may hold its output open; that long is waited for the rest of it. */
const LAST_WORDS_MS = 5_000;
/** A long suite is heard of this often. */
const REMIND_MS = 30_000;

const running = new Set<ChildProcess>();
let isAborted = false;

/**
 * Runs a suite and counts. A suite that ended badly without a failed test, or ran nothing at all, counts as a failure:
 * nothing passes by not being run.
 */
export async function runSuite({ title, command, count }: Suite): Promise<Verdict> {
  const start = performance.now();
  const time = () => `${Math.round((performance.now() - start) / 1000)} s`;
  let newest = "";
  const reminder = setInterval(() => console.log(`      ${title}, ${time()}: ${newest}`.slice(0, 160)), REMIND_MS);
  const { code, output } = await run(
    command,
    (text) =>
      (newest =
        text
          .trim()
          .split("\n")
          .findLast((line) => line.trim() !== "") ?? newest),
  );
  clearInterval(reminder);
  const took = time();
  const ended = code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  if (count === undefined) return { title, took, output, ...ended };
  try {
    const { passed, failed } = await count(output);
    const isSilentFailure = failed === 0 && (code !== 0 || passed === 0);
    const remark = passed + failed === 0 ? "\nIt ran no test." : isSilentFailure ? `\nIt ended with ${code}, though no test failed.` : "";
    return { title, took, output: output + remark, passed, failed: isSilentFailure ? 1 : failed };
  } catch (error) {
    return { title, took, passed: 0, failed: 1, output: `${output}\nIts result could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function run([program = "", ...args]: string[], onOutput: (text: string) => void): Promise<{ code: number | null; output: string }> {
  if (isAborted) return { code: null, output: "Not started." };
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      onOutput(text);
    });
  }
  try {
    const closed = new Promise((resolve) => child.once("close", resolve));
    const [code] = (await once(child, "exit")) as [number | null];
    await Promise.race([closed, delay(LAST_WORDS_MS)]);
    return { code, output };
  } catch (error) {
    return { code: null, output: `${program} could not be started: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    running.delete(child);
  }
}

/** Ends what runs and starts nothing more. */
export function abort(): void {
  isAborted = true;
  for (const child of running) child.kill("SIGTERM");
}
