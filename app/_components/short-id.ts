/** The end of an id, where ids made in the same minute differ. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(-8) : id;
}
