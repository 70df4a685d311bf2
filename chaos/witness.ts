import { readFileSync, readdirSync } from "node:fs";

/** One attempt, as long as it was seen. */
type Seen = { attempt: number; sandboxes: Set<string>; firstSeen: number; lastSeen: number };

/**
 * Sees for itself which attempts live: it looks through all processes of this machine, other hosts' namespaces among them, for
 * scripts, by the run and attempt in their environment. A script can't write to a file that outlives it, so it can't testify.
 */
export type Witness = {
  /** What was seen of a run: its attempts in the order of their first appearance, and each sandbox that ran them. */
  seen: (runId: string) => Seen[];
  /** Two attempts of one run that lived at the same time. */
  overlaps: () => string[];
  /** Live attempts of these runs now. */
  alive: (runIds: ReadonlySet<string>) => { pid: number; runId: string; attempt: number }[];
  forget: () => void;
  stop: () => void;
};

const EVERY_MS = 40;
/** A process that was no script so often in a row is looked at again only after a while: a sandbox becomes one when its script begins. */
const DULL_AFTER = 6;
const DULL_FOR_MS = 4_000;

type Sighting = { pid: number; runId: string; attempt: number };

function look(pid: number): Sighting | null {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
    const runId = /(?:^|\0)CORRAL_RUN_ID=([^\0]*)/.exec(environment)?.[1];
    const attempt = /(?:^|\0)CORRAL_ATTEMPT=(\d+)/.exec(environment)?.[1];
    return runId === undefined || attempt === undefined ? null : { pid, runId, attempt: Number(attempt) };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

function sandboxOf(pid: number): string {
  try {
    return /corral-w-[^/\n]*\/[^/\n ]*/.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[0] ?? "none";
  } catch {
    return "gone";
  }
}

const pids = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Starts looking. */
export function startWitness(): Witness {
  const runs = new Map<string, Map<number, Seen>>();
  const dull = new Map<number, { times: number; until: number }>();
  let overlaps: string[] = [];

  const note = ({ pid, runId, attempt }: Sighting, now: number) => {
    const attempts = runs.get(runId) ?? new Map<number, Seen>();
    runs.set(runId, attempts);
    const known = attempts.get(attempt) ?? { attempt, sandboxes: new Set<string>(), firstSeen: now, lastSeen: now };
    attempts.set(attempt, known);
    known.lastSeen = now;
    const sandbox = sandboxOf(pid);
    if (sandbox !== "gone") known.sandboxes.add(sandbox);
  };

  const sample = () => {
    const now = performance.now();
    const live = new Map<string, Sighting[]>();
    const listed = pids();
    for (const pid of listed) {
      const known = dull.get(pid);
      if (known !== undefined && known.times >= DULL_AFTER && known.until > now) continue;
      const sighting = look(pid);
      if (sighting === null) {
        const times = known === undefined || known.until <= now ? 1 : known.times + 1;
        dull.set(pid, { times, until: now + DULL_FOR_MS });
        continue;
      }
      dull.delete(pid);
      note(sighting, now);
      live.set(sighting.runId, [...(live.get(sighting.runId) ?? []), sighting]);
    }
    if (dull.size > 4 * listed.length) dull.clear();
    for (const [runId, sightings] of live) {
      const newest = Math.max(...sightings.map(({ attempt }) => attempt));
      // One may have ended while the others were looked at: only who still lives now, after the newest was seen, lives beside it.
      const older = sightings.filter(({ attempt, pid }) => attempt < newest && look(pid)?.attempt === attempt);
      for (const { attempt, pid } of older)
        overlaps.push(`run ${runId}: attempt ${attempt} (process ${pid}, ${sandboxOf(pid)}) still lived when attempt ${newest} did`);
    }
  };

  const timer = setInterval(sample, EVERY_MS);
  return {
    seen: (runId) => [...(runs.get(runId)?.values() ?? [])],
    overlaps: () => [...new Set(overlaps)],
    alive: (runIds) =>
      pids()
        .map(look)
        .filter((sighting) => sighting !== null)
        .filter(({ runId }) => runIds.has(runId)),
    forget: () => {
      runs.clear();
      overlaps = [];
    },
    stop: () => clearInterval(timer),
  };
}
