import { Refusal } from "../bootstrap/refusal.mjs";
import { beginStep } from "../bootstrap/steps.mjs";
import { buildDashboard, generateClient, needsBuild } from "../build.ts";
import { COMPILER, hasWideState } from "../cgroup2/wide-state.mjs";
import { ensurePrograms } from "../system-packages.ts";
import { conclude, runStages } from "./run-suites.ts";
import { CHECKS, cgroup2, chaos, endToEnd, executor, unitAndIntegration } from "./suites.ts";

// `npm test`, once the packages are there. A missing browser, kernel or sandbox fails; nothing is left out.

const STEPS = 4;

const PROGRAMS = [
  { program: "bwrap", package: "bubblewrap", purpose: "it puts each script into a sandbox" },
  { program: "setpriv", package: "util-linux", purpose: "it takes a script's privileges away" },
  { program: "python3", package: "python3", purpose: "scripts in Python are tested" },
  { program: "perl", package: "perl", purpose: "scripts in Perl are tested" },
  { program: "ruby", package: "ruby", purpose: "scripts in Ruby are tested" },
  { program: "slirp4netns", package: "slirp4netns", purpose: "it gives a script a network of its own" },
  { program: "ip", package: "iproute2", purpose: "it closes that network's way to this machine, and makes hosts to test with" },
  { program: "chromium", package: "chromium", purpose: "the dashboard is tested in it" },
  { program: "linux.uml", package: "user-mode-linux", purpose: "a kernel with cgroup v2, to test on" },
  ...(hasWideState() ? [COMPILER] : []),
  { program: "systemd-run", package: "systemd", purpose: "an ordinary user's start under it is tested" },
  { program: "busybox", package: "busybox-static", purpose: "it powers that kernel off" },
];

async function inStep(number: number, title: string, work: (step: ReturnType<typeof beginStep>) => Promise<string>) {
  const step = beginStep({ number, of: STEPS, title });
  try {
    step.done(await work(step));
  } catch (error) {
    step.fail();
    throw error;
  }
}

try {
  await inStep(2, "Programs to test with", async () => {
    const installed = await ensurePrograms(PROGRAMS);
    return installed.length === 0 ? "all there" : `installed ${installed.join(", ")}`;
  });
  await inStep(3, "Dashboard", async (step) => {
    await generateClient();
    if (!needsBuild()) return "up to date";
    await buildDashboard(step.progress);
    return "built";
  });
  console.log(`[4/${STEPS}] Tests…`);
  // The last four measure time on real clocks, so that nothing runs beside them.
  conclude(await runStages((reports) => [[unitAndIntegration(reports), ...CHECKS], [cgroup2], [executor(reports)], [chaos], [endToEnd(reports)]]));
} catch (error) {
  console.error(error instanceof Refusal ? `\n${error.message}` : error);
  conclude({ passed: 0, failed: 1 });
}
