import type { Db } from "../db/client.ts";
import { capabilitiesSchema } from "./capabilities.ts";

/** Every worker offers these; they are accepted even while none has reported yet. */
const ALWAYS = ["bash", "node", "python"];

/** The ids of the runtimes that live workers offer, sorted. */
export async function listRuntimeIds(db: Db): Promise<string[]> {
  const workers = await db.worker.findMany({ where: { status: { in: ["active", "draining"] } }, select: { capabilities: true } });
  const offered = workers.flatMap((worker) => capabilitiesSchema.parse(worker.capabilities).runtimes.map((runtime) => runtime.id));
  return [...new Set([...ALWAYS, ...offered])].sort();
}
