/** Every value by its dotted path; a list is one value. */
export function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

/** Whether two values are the same, lists in their order. */
export const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What differs between two values, leaf by leaf. */
export function changedLeaves(before: unknown, after: unknown): { path: string; before: unknown; after: unknown }[] {
  const old = new Map(leaves(before));
  return leaves(after).flatMap(([path, value]) => (same(old.get(path), value) ? [] : [{ path, before: old.get(path), after: value }]));
}
