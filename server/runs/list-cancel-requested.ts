import type { Database } from "../db/client.ts";

/** Which of these runs somebody asked to cancel while they run: for a worker that may have missed a notice. */
export async function listCancelRequested({ client }: Database, runIds: string[]): Promise<string[]> {
  if (runIds.length === 0) return [];
  const runs = await client.run.findMany({ where: { id: { in: runIds }, status: "running", cancelRequestedAt: { not: null } }, select: { id: true } });
  return runs.map((run) => run.id);
}
