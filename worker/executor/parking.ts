import type { Cgroup, CgroupDriver } from "./cgroup/driver.ts";
import { closeLaunched, launch } from "./launch.ts";
import type { Launched, Slot } from "./launch.ts";
import type { SandboxOptions } from "./sandbox.ts";
import type { SandboxShape } from "./types.ts";

/** A sandbox that waits for its script, in a cgroup that has seen nothing else. */
export type Parked = { slot: Slot; shape: SandboxShape; cgroup: Cgroup; routerCgroup: Cgroup | null; launched: Launched };

/**
 * Sandboxes made ahead of time, one a slot. To join a cgroup after a pause costs the kernel up to 10 ms, and namespaces
 * and mounts cost as much again: none of it is between a run and its first instruction when the sandbox is there already.
 * Each is used once, by one attempt.
 */
export type Parking = {
  /** A free slot with a sandbox of this shape: the one that waits, or one made now. Null when every slot is taken. @throws as `launch` */
  take: (shape: SandboxShape) => Promise<Parked> | null;
  /** Ends and removes a sandbox, used or not. Calling it again tries again what failed. */
  remove: (parked: Parked) => Promise<void>;
  /** The slot is free again, and a sandbox of the shape used last is made for it. */
  release: (slot: Slot) => void;
  /** Removes every sandbox that waits; nothing is parked any more. */
  close: () => Promise<void>;
};

/** A sandbox that waited longer is made anew: what it has bound of the host's files may have been replaced since. */
const STALE_AFTER_MS = 10 * 60_000;
/**
 * Starting a process stops this one for as long as copying its page tables takes, 15 ms at 200 MB: what has just ended is told first,
 * and a run that comes sooner finds another slot's sandbox.
 */
const PARK_AFTER_MS = 5;
/** Beyond so many slots the rest make their sandboxes when they are needed. */
const MOST = 16;

type Waiting = { shape: SandboxShape; since: number; parked: Promise<Parked | null> };

export function createParking({ slots, driver, sandbox }: { slots: Slot[]; driver: CgroupDriver; sandbox: SandboxOptions }): Parking {
  const free = [...slots];
  const waiting = new Map<Slot, Waiting>();
  const parkSoon = new Set<NodeJS.Timeout>();
  let usual: SandboxShape | null = null;
  let made = 0;
  let closed = false;

  const make = async (slot: Slot, shape: SandboxShape): Promise<Parked> => {
    made += 1;
    const name = `slot-${slot.index}.${made}`;
    const cgroup = await driver.create(name);
    const routerCgroup = shape.network && sandbox.network !== null ? await driver.create(`${name}.router`) : null;
    try {
      return { slot, shape, cgroup, routerCgroup, launched: await launch(sandbox, slot, cgroup, shape, routerCgroup) };
    } catch (error) {
      await end(cgroup);
      await end(routerCgroup);
      throw error;
    }
  };

  const remove = async ({ cgroup, routerCgroup, launched }: Parked) => {
    await launched.kill();
    await cgroup.kill();
    // A workspace's memory stays charged to the cgroup while its descriptor is open.
    closeLaunched(launched);
    await cgroup.destroy();
    await end(routerCgroup);
  };

  const park = (slot: Slot) => {
    if (closed || usual === null || !free.includes(slot) || waiting.has(slot) || waiting.size >= MOST) return;
    const shape = usual;
    // A failure is nobody's yet: the attempt that wants a sandbox will meet it, and say it.
    waiting.set(slot, { shape, since: performance.now(), parked: make(slot, shape).catch(() => null) });
  };

  const discard = async (slot: Slot) => {
    const parked = await waiting.get(slot)?.parked;
    waiting.delete(slot);
    if (parked !== null && parked !== undefined) await remove(parked);
  };

  const renew = setInterval(() => {
    for (const slot of free) {
      const since = waiting.get(slot)?.since ?? Infinity;
      if (performance.now() - since > STALE_AFTER_MS)
        void discard(slot).then(
          () => park(slot),
          () => undefined,
        );
    }
  }, STALE_AFTER_MS / 10).unref();

  const choose = (shape: SandboxShape): Slot | undefined => {
    const fits = (slot: Slot) => isSame(waiting.get(slot)?.shape, shape);
    const chosen = free.find(fits) ?? free.find((slot) => !waiting.has(slot)) ?? free[0];
    if (chosen !== undefined) free.splice(free.indexOf(chosen), 1);
    return chosen;
  };

  const takeFrom = async (slot: Slot, shape: SandboxShape): Promise<Parked> => {
    try {
      const fits = isSame(waiting.get(slot)?.shape, shape);
      const parked = fits ? await waiting.get(slot)?.parked : null;
      if (parked?.launched.isAlive() === true) {
        waiting.delete(slot);
        return parked;
      }
      await discard(slot);
      return await make(slot, shape);
    } catch (error) {
      free.push(slot);
      throw error;
    }
  };

  return {
    take: (shape) => {
      usual = shape;
      const slot = choose(shape);
      return slot === undefined ? null : takeFrom(slot, shape);
    },
    remove,
    release: (slot) => {
      free.push(slot);
      const timer = setTimeout(() => {
        parkSoon.delete(timer);
        park(slot);
      }, PARK_AFTER_MS);
      parkSoon.add(timer);
    },
    close: async () => {
      closed = true;
      clearInterval(renew);
      for (const timer of parkSoon) clearTimeout(timer);
      await Promise.all([...waiting.keys()].map(discard));
    },
  };
}

async function end(cgroup: Cgroup | null): Promise<void> {
  await cgroup?.kill();
  await cgroup?.destroy();
}

const isSame = (one: SandboxShape | undefined, other: SandboxShape) => one?.diskMaxBytes === other.diskMaxBytes && one.network === other.network;
