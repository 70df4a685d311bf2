import { Socket } from "node:net";

/** As much as a pipe holds. */
const READ_MAX_BYTES = 64 * 1024;

/**
 * What every pipe is read into, one after the other: reading and receiving are one step. Node.js would make a buffer of this
 * size for each read, and a script that floods its output is a hundred thousand reads.
 */
const shared = Buffer.allocUnsafeSlow(READ_MAX_BYTES);

/** Where a script's output comes from. */
export type ByteSource = {
  /** From now on it is read. The bytes are the receiver's only while it is called: what it keeps it copies. */
  start: (receive: (bytes: Buffer) => void) => void;
  /** Leaves what comes where it is, so that the script waits. */
  pause: () => void;
  resume: () => void;
  /** Reads nothing more. */
  destroy: () => void;
  /** Resolves when nothing more comes. */
  ended: Promise<void>;
};

/** Reads a pipe whose descriptor is its own from now on: a socket polls it instead of blocking a thread, and closes it in the end. */
export function openScriptPipe(fd: number): ByteSource {
  let receive: ((bytes: Buffer) => void) | undefined;
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: shared,
      callback: (length) => {
        receive?.(shared.subarray(0, length));
        return true;
      },
    },
  });
  // It would read at once, whoever is there to receive.
  socket.pause();
  const ended = new Promise<void>((resolve) => {
    for (const last of ["end", "close"] as const) socket.once(last, () => resolve());
    socket.once("error", () => {
      socket.destroy();
      resolve();
    });
  });
  return {
    start: (receiver) => {
      receive = receiver;
      socket.resume();
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    destroy: () => socket.destroy(),
    ended,
  };
}
