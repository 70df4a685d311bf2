const MIB = 1024 ** 2;

/** Memory kept for the worker, the database and the system: a tenth of the host, at least 512 MiB. */
export function memoryReserveBytes(hostMemoryBytes: number): number {
  return Math.max(512 * MIB, Math.round(hostMemoryBytes / 10));
}
