/** The name that was likely meant: the nearest by edits, at most a third of its length away; null when none is near. */
export function suggest(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  let best: { name: string; distance: number } | null = null;
  for (const candidate of known) {
    const [a, b] = [plain(name), plain(candidate)];
    // `memory` for `memoryBytes`, `timeout_ms` for `timeoutMs`: a name without its unit is the commonest slip.
    const distance = a.length >= 3 && (b.startsWith(a) || a.startsWith(b)) ? 0.5 : editDistance(a, b);
    if (distance <= Math.max(a.length, b.length) / 3 && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
