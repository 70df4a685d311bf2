/** The uids of one worker at most. */
export const UIDS_A_WORKER = 512;
/**
 * systemd calls 0x70000000 and what follows unused: above every account, every systemd container (from 0x80000) and the
 * ranges that are handed out for user namespaces (from 100000).
 */
const FIRST_UID = 0x7000_0000;
/** So many workers of a host get ranges of their own, by their pids. */
const RANGES = 2 ** 18;
/** In a user namespace with few uids of its own, its highest are taken; below this they are accounts. */
const LOWEST_UID = 1_000;

/**
 * Uids for a worker's scripts, one a slot: two attempts that shared one could signal each other.
 * @param uidMap /proc/self/uid_map (user_namespaces(7)): lines of first uid inside, first uid outside, count
 * @param pid tells this worker's range from those of other workers
 * @returns null when this user namespace has too few
 */
export function chooseUids(uidMap: string, pid: number, count: number): number[] | null {
  const mapped = uidMap
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([inside = 0, , length = 0]) => ({ from: inside, to: inside + length }));
  const isMapped = (first: number) => mapped.some(({ from, to }) => from <= first && first + count <= to);
  const wanted = FIRST_UID + (pid % RANGES) * UIDS_A_WORKER;
  const highest = Math.max(...mapped.map(({ to }) => to)) - count;
  const first = isMapped(wanted) ? wanted : highest;
  if (first < LOWEST_UID || !isMapped(first)) return null;
  return Array.from({ length: count }, (_, index) => first + index);
}
