import type { Segment } from "./ansi-segments.ts";

/** What is searched for in the log. */
export type Needle = { text: string; matchCase: boolean };

/** Segments cut where a match begins and ends, so that it can be marked whatever its colours. */
export function markMatches(segments: readonly Segment[], { text: wanted, matchCase }: Needle): (Segment & { isMatch: boolean })[] {
  const whole = segments.map(({ text }) => text).join("");
  const [hay, needle] = matchCase ? [whole, wanted] : [whole.toLowerCase(), wanted.toLowerCase()];
  const edges: number[] = [];
  // A lower case of another length would shift what is marked: then nothing is.
  if (needle !== "" && hay.length === whole.length) {
    for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + needle.length)) edges.push(at, at + needle.length);
  }
  let offset = 0;
  return segments.flatMap((segment) => {
    const end = offset + segment.text.length;
    const cuts = [offset, ...edges.filter((edge) => edge > offset && edge < end), end];
    const parts = cuts.slice(0, -1).map((from, index) => {
      const isMatch = edges.findLastIndex((edge) => edge <= from) % 2 === 0;
      return { ...segment, text: whole.slice(from, cuts[index + 1]), isMatch };
    });
    offset = end;
    return parts;
  });
}
