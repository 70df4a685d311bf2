import type { OutputChunk } from "#server/contracts/runs.ts";

/** What is known of an attempt's output: how far it was taken, and what came too early. */
export type ChunkOrder = { lastSeq: number; early: ReadonlyMap<number, OutputChunk> };

export const NO_CHUNKS: ChunkOrder = { lastSeq: 0, early: new Map() };

/**
 * Takes chunks from the stream: those that follow on are returned in order, repeats are dropped, those that come after
 * a hole wait in `early` until a page fills it.
 */
export function takeStreamed(order: ChunkOrder, chunks: readonly OutputChunk[]): { order: ChunkOrder; ready: OutputChunk[] } {
  return drain(order.lastSeq, [...order.early.values(), ...chunks]);
}

/** Takes a page read from the server after `lastSeq`: it is complete, whatever its numbers, and so fills any hole. */
export function takePage(order: ChunkOrder, chunks: readonly OutputChunk[]): { order: ChunkOrder; ready: OutputChunk[] } {
  const fresh = chunks.filter((chunk) => chunk.seq > order.lastSeq).sort((a, b) => a.seq - b.seq);
  const lastSeq = fresh.at(-1)?.seq ?? order.lastSeq;
  const rest = drain(lastSeq, [...order.early.values()]);
  return { order: rest.order, ready: [...fresh, ...rest.ready] };
}

/** Whether something is missing that only a page can bring. */
export function hasHole(order: ChunkOrder): boolean {
  return order.early.size > 0;
}

function drain(lastSeq: number, chunks: readonly OutputChunk[]): { order: ChunkOrder; ready: OutputChunk[] } {
  const bySeq = new Map(chunks.filter((chunk) => chunk.seq > lastSeq).map((chunk) => [chunk.seq, chunk]));
  const ready: OutputChunk[] = [];
  let last = lastSeq;
  for (let next = bySeq.get(last + 1); next !== undefined; next = bySeq.get(last + 1)) {
    ready.push(next);
    bySeq.delete(next.seq);
    last = next.seq;
  }
  return { order: { lastSeq: last, early: bySeq }, ready };
}
