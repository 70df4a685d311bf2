import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

import { detectDriver } from "../cgroup/detect.ts";
import type { Cgroup } from "../cgroup/driver.ts";
import { writeKnob, writeKnobIfPresent } from "../cgroup/knobs.ts";
import { SandboxError, launch } from "../launch.ts";
import { makePipes } from "../stdio.ts";
import { seccompFilter } from "../seccomp.ts";
import { makeScriptEtc } from "../script-etc.ts";
import { findTools } from "../tools.ts";
import type { CaseContext, ProcedureCase } from "./case.ts";
import { MIB } from "./case.ts";
import { writeFile } from "node:fs/promises";

const SUBTREE = { memoryBytes: 512 * MIB, pidsMax: 1000 };

/** Gives a cgroup of a driver of its own, and takes both away. */
async function withCgroup(run: (cgroup: Cgroup) => Promise<void>): Promise<void> {
  const driver = await detectDriver(`host-${process.pid}`, SUBTREE, false);
  const cgroup = await driver.create("x");
  try {
    await run(cgroup);
  } finally {
    await cgroup.kill();
    await cgroup.destroy();
    await driver.close();
  }
}

/** A launch into a cgroup that is not there: the sandbox can't be made, and says why. */
async function wrongJoinPath({ directory }: CaseContext): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const seccompFile = join(directory, "seccomp");
  await writeFile(seccompFile, seccompFilter());
  const [pipes] = await makePipes(join(directory, "pipes"), 1);
  assert.ok(pipes !== undefined);
  const options = {
    ...(await findTools(isRoot)),
    isolation: "user-namespaces" as const,
    network: null,
    seccompFile,
    binds: [],
    etc: await makeScriptEtc(join(directory, "etc"), [1000]),
  };
  await withCgroup(async (cgroup) => {
    const elsewhere = { ...cgroup, joinFiles: ["/nowhere/cgroup.procs"] };
    const slot = { index: 0, uid: isRoot ? 0x7fff_0000 : null, pipes };
    await assert.rejects(launch(options, slot, elsewhere, { diskMaxBytes: MIB, network: false }, null), (error) => {
      assert.ok(error instanceof SandboxError);
      assert.match(error.message, /nowhere/);
      return true;
    });
  });
}

/** Runs a program that tries to make an executor, started in some other way, and gives what it prints. */
async function executorStartedBy(command: string[], directory: string): Promise<string> {
  const program = `import { createExecutor } from ${JSON.stringify(new URL("../executor.ts", import.meta.url).pathname)};
    try {
      const executor = await createExecutor({ directory: ${JSON.stringify(directory)}, instance: "refused", maxConcurrent: 1, allowUnenforced: false });
      await executor.close();
      console.log("started");
    } catch (error) { console.log(error.code + " " + error.message); }`;
  const [first = "", ...rest] = command;
  const child = spawn(first, [...rest, process.execPath, "--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  return (await text(child.stdout)).trim();
}

/** An ordinary user whose cgroup nobody handed over. */
async function outsideDelegation({ directory }: CaseContext): Promise<void> {
  const said = await executorStartedBy(
    ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"],
    join(dirname(directory), `corral-outside-${process.pid}`),
  );
  assert.match(said, /^cgroup_unwritable Corral can't write its cgroup.*(EACCES|EPERM).*Delegate=yes/);
}

/** Every cgroup file system read-only, as in Docker's default. */
async function readOnly({ directory }: CaseContext): Promise<void> {
  const remount = `grep -E ' - cgroup2? ' /proc/self/mountinfo | cut -d' ' -f5 | while read -r mount; do mount -o remount,bind,ro,nosuid,nodev,noexec "$mount" || exit 1; done; exec "$@"`;
  const namespaces = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const said = await executorStartedBy(["unshare", ...namespaces, "sh", "-c", remount, "sh"], directory);
  assert.match(said, /^cgroup_unwritable Corral can't write its cgroup.*EROFS.*Delegate=yes.*CORRAL_ALLOW_UNENFORCED=1/);
}

/** Processes in a cgroup that hands controllers down would be in the way: the worker has moved itself aside. */
async function movedAside(): Promise<void> {
  const own = readFileSync("/proc/self/cgroup", "utf8");
  assert.match(own, /^0::\/.*\/supervisor$/m);
  await Promise.resolve();
}

const V1 = "v1 lets processes and child groups share a cgroup";
const TO_ROOT = "needs the right to leave a cgroup, which only root has";

/** What a host may refuse, and how that is told. */
export const hostCases: ProcedureCase[] = [
  { number: 6, title: "a cgroup that can't be joined is a sandbox that could not be made", run: wrongJoinPath },
  {
    number: 45,
    title: "an ordinary user in a delegated cgroup has the kernel's limits",
    notOn: { "v1 root": "is root", "v2 root": "is root" },
    run: async ({ executor }) => {
      assert.notEqual(process.getuid?.(), 0);
      await Promise.resolve();
      assert.ok(executor.capabilities.enforced);
      assert.notEqual(executor.capabilities.driver, "none");
    },
  },
  {
    number: 46,
    title: "started outside the delegation it refuses, with the remedy",
    notOn: { "v1 delegated": TO_ROOT, "v2 delegated": TO_ROOT },
    run: outsideDelegation,
  },
  {
    number: 47,
    title: "at the root of a delegation the worker moves itself aside (EBUSY)",
    notOn: { "v1 root": V1, "v1 delegated": V1, "v2 root": "the real root may hold processes; a namespace's root is the delegated ground" },
    run: movedAside,
  },
  { number: 48, title: "a read-only cgroup file system is refused, with the remedy", run: readOnly },
  {
    number: 49,
    title: "a knob that the kernel lacks is told from one that is refused",
    run: () =>
      withCgroup(async (cgroup) => {
        const [directory = ""] = cgroup.directories;
        assert.ok(existsSync(directory));
        await writeKnobIfPresent(join(directory, "memory.not-there"), 1);
        await assert.rejects(writeKnob(join(directory, "memory.not-there"), 1), /ENOENT/);
        await assert.rejects(writeKnob(join(directory, "cgroup.procs"), "nonsense"), /EINVAL/);
      }),
  },
];
