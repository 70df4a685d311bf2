/** The objects among these that are not the same one, and for each of these the place of its own among them, from 1 as PostgreSQL counts. */
export function numbered<T extends object>(objects: readonly T[]): { distinct: T[]; numbers: number[] } {
  const places = new Map<T, number>();
  const numbers = objects.map((object) => {
    const place = places.get(object) ?? places.size + 1;
    places.set(object, place);
    return place;
  });
  return { distinct: [...places.keys()], numbers };
}
