import type { Database } from "../db/client.ts";
import { capabilitiesSchema } from "./capabilities.ts";
import type { WorkerCapabilities } from "./capabilities.ts";

/** Every worker that counts as living, with where its process is. */
export async function listLiveWorkers({ client }: Database): Promise<{ id: string; pid: number; place: WorkerCapabilities["place"] }[]> {
  const rows = await client.worker.findMany({ where: { status: { in: ["active", "draining"] } }, select: { id: true, pid: true, capabilities: true } });
  return rows.map(({ id, pid, capabilities }) => ({ id, pid, place: capabilitiesSchema.parse(capabilities).place }));
}
