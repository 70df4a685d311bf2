import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, expect, test } from "vitest";

import { createExecutor } from "./executor.ts";
import { findTools } from "./tools.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-setup-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a missing bubblewrap is named, with what to type", async () => {
  await expect(findTools(false, ["/nowhere"])).rejects.toMatchObject({
    code: "bubblewrap_missing",
    message: expect.stringContaining("apt-get install bubblewrap") as string,
  });
});

test("an instance that would lead out of the cgroup is refused", async () => {
  await expect(createExecutor({ directory, instance: "../x", allowUnenforced: false, maxConcurrent: 1 })).rejects.toThrow(/named with a-z/);
});

/** Runs a program in a mount namespace of its own in which every cgroup file system is read-only, as in Docker's default. */
async function withReadOnlyCgroups(body: string): Promise<string> {
  const program = `import { createExecutor } from ${JSON.stringify(new URL("executor.ts", import.meta.url).pathname)};
    import { specOf } from ${JSON.stringify(new URL("conformance/spec.ts", import.meta.url).pathname)};
    const options = { directory: ${JSON.stringify(directory)}, instance: "read-only", maxConcurrent: 2 };
    ${body}`;
  const shell = `grep -E ' - cgroup2? ' /proc/self/mountinfo | cut -d' ' -f5 | while read -r mount; do mount -o remount,bind,ro "$mount" || exit 1; done; exec "$@"`;
  const child = spawn("unshare", ["--mount", "sh", "-c", shell, "sh", process.execPath, "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return (await text(child.stdout)).trim();
}

test("read-only cgroups are refused at the start, in one sentence with the remedy (case 48)", async () => {
  const said = await withReadOnlyCgroups(`
    try { await createExecutor({ ...options, allowUnenforced: false }); console.log("started"); }
    catch (error) { console.log(error.code + " " + error.message); }`);
  expect(said).toMatch(/^cgroup_unwritable Corral can't write its cgroup.*EROFS.*Delegate=yes.*CORRAL_ALLOW_UNENFORCED=1/);
});

test("unenforced only when it was asked for: said on the result, and its scripts still end whole", async () => {
  const said = await withReadOnlyCgroups(`
    const executor = await createExecutor({ ...options, allowUnenforced: true });
    const { driver, enforced, warnings } = executor.capabilities;
    const lines = [];
    const result = await executor.execute(
      specOf({ language: "bash", source: "trap 'echo cleaned; exit 0' TERM; setsid sleep 300." + process.pid + " & sleep 60 & wait", limits: { timeoutMs: 300 }, gracePeriodMs: 5000 }),
      { onOutput: ({ bytes }) => void lines.push(bytes.toString()) });
    const stubborn = await executor.execute(specOf({ language: "bash", source: "trap '' TERM; sleep 60", limits: { timeoutMs: 200 }, gracePeriodMs: 100 }), {});
    await executor.close();
    const left = (await import("node:child_process")).spawnSync("pgrep", ["-f", "^sleep 300." + process.pid]).stdout.toString();
    console.log(JSON.stringify({ driver, enforced, warned: warnings.some((line) => line.includes("WITHOUT kernel limits")), outcome: result.outcome, wall: result.usage.wallMs < 4000,
      evidence: [result.evidence.driver, result.evidence.enforced], lines, stubborn: [stubborn.outcome, stubborn.signal, stubborn.evidence.signalSentBy], left }));`);
  expect(JSON.parse(said)).toEqual({
    driver: "none",
    enforced: false,
    warned: true,
    outcome: "timeout",
    wall: true,
    evidence: ["none", false],
    lines: ["cleaned\n"],
    stubborn: ["timeout", "SIGKILL", "corral"],
    left: "",
  });
});
