/** How long after `g` the second key may come. */
export const CHORD_MS = 1_500;

/** What a key press means to a two-key chord: nothing, its beginning, or the end that leads somewhere. */
export type ChordStep = "none" | "begun" | { key: string };

/** Watches for `g` and then another key. A key that comes too late, or none, ends it. */
export function createChord(first: string, ends: (key: string) => boolean) {
  let begunAt: number | null = null;
  return {
    /** @param at milliseconds on any steady clock */
    press(key: string, at: number): ChordStep {
      const open = begunAt !== null && at - begunAt <= CHORD_MS;
      begunAt = null;
      if (open && ends(key)) return { key };
      if (key !== first) return "none";
      begunAt = at;
      return "begun";
    },
  };
}
