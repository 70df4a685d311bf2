/** Called by Next.js once, before the web process answers its first request. */
export async function register(): Promise<void> {
  const { notePeerAddresses } = await import("./server/auth/client-address.ts");
  notePeerAddresses();
  const { closeConnectionsAtEnd } = await import("./server/api/process-end.ts");
  closeConnectionsAtEnd();
}
