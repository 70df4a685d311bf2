/** A response's body that is written piece by piece, no faster than it is read. */
export type PacedBody = {
  readable: ReadableStream<Uint8Array>;
  /** Whether what was written has been taken. */
  hasRoom: () => boolean;
  /** Resolves once there is room, or `signal` is aborted, or nobody reads any more. */
  untilRoom: () => Promise<void>;
  /** Does nothing once the body is over. */
  write: (bytes: Uint8Array) => void;
  close: () => void;
};

/**
 * Makes one; `onGone` is called when its reader leaves. Not a TransformStream, whose two sides pass each piece on by promises: with
 * hundreds of streams open they are most of what a piece costs.
 */
export function pacedBody(signal: AbortSignal, onGone: () => void): PacedBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isOver = false;
  let waiting: (() => void)[] = [];
  const letOn = () => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const hasRoom = () => !isOver && (controller?.desiredSize ?? 0) > 0;
  signal.addEventListener("abort", letOn);
  const over = () => {
    isOver = true;
    signal.removeEventListener("abort", letOn);
    letOn();
  };
  return {
    readable: new ReadableStream<Uint8Array>({
      start: (own) => {
        controller = own;
      },
      pull: letOn,
      cancel: () => {
        over();
        onGone();
      },
    }),
    hasRoom,
    untilRoom: async () => {
      while (!isOver && !signal.aborted && !hasRoom()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    write: (bytes) => {
      if (!isOver) controller?.enqueue(bytes);
    },
    close: () => {
      if (isOver) return;
      over();
      controller?.close();
    },
  };
}
