/** Every leaf of a JSON value by its dotted path; a list counts as one leaf. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

/** What is different between two values, leaf by leaf: what was before, and what is after. */
export function differences(before: unknown, after: unknown): { path: string; before: unknown; after: unknown }[] {
  const old = new Map(leaves(before));
  const fresh = new Map(leaves(after));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(fresh.get(path)))
    .map((path) => ({ path, before: old.get(path), after: fresh.get(path) }));
}
