import { memoryReserveBytes } from "#server/settings/host-reserve.ts";
import type { Resources } from "#server/workers/room.ts";

/**
 * What a host gives to all attempts together: its memory less a reserve for the worker, the database and the system, and its
 * CPU so many times over, since scripts wait more than they compute and CPU, unlike memory, can be shared.
 */
export function capacityOf(host: Resources, { reserveBytes, cpuOvercommit }: { reserveBytes: number | null; cpuOvercommit: number }): Resources {
  const reserve = reserveBytes ?? memoryReserveBytes(host.memoryBytes);
  return { memoryBytes: Math.max(0, host.memoryBytes - reserve), cpuMillis: Math.round(host.cpuMillis * cpuOvercommit) };
}
