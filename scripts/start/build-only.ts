import { Refusal } from "../bootstrap/refusal.mjs";
import { beginStep } from "../bootstrap/steps.mjs";
import { buildDashboard, generateClient, needsBuild } from "../build.ts";

// `npm run build` once the packages are there: what a start would do at its first time, for an image or a host that must not.

async function inStep(number: number, title: string, work: (progress: (text: string) => void) => Promise<void>) {
  const step = beginStep({ number, of: 3, title });
  try {
    await work(step.progress);
    step.done();
  } catch (error) {
    step.fail();
    throw error;
  }
}

try {
  await inStep(2, "Database client", generateClient);
  await inStep(3, "Dashboard", async (progress) => {
    if (needsBuild()) await buildDashboard(progress);
  });
} catch (error) {
  console.error(error instanceof Refusal ? `\n${error.message}` : error);
  process.exit(1);
}
