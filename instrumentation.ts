/** Called by Next.js once, before the web process answers its first request. */
export async function register(): Promise<void> {
  const { notePeerAddresses } = await import("./server/auth/client-address.ts");
  notePeerAddresses();
  const { closeConnectionsAtEnd } = await import("./server/api/process-end.ts");
  closeConnectionsAtEnd();
  // Listening also when nobody watches: its probe is what notices that the way to the database is silently gone, and renews the
  // connections that a request would otherwise hang on. It waits for a database that is away, and so nobody waits for it.
  const { database } = await import("./server/db/client.ts");
  const { subscribe } = await import("./server/live/notices.ts");
  void subscribe(database(), () => undefined);
}
