import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Named pipes for the standard streams of one slot, used by one attempt after the other. */
export type SlotPipes = { stdin: string; stdout: string; stderr: string };

/**
 * Makes the named pipes of every slot. Pipes and not the socket pairs that Node makes by itself: a script that opens
 * `/dev/stderr` gets ENXIO from a socket. Everybody may open them, or the script's uid could not open `/dev/stderr`; no
 * script can reach them by name, since their directory is the worker's alone.
 */
export async function makePipes(directory: string, slots: number): Promise<SlotPipes[]> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pipes = Array.from({ length: slots }, (_, slot) => ({
    stdin: join(directory, `${slot}.stdin`),
    stdout: join(directory, `${slot}.stdout`),
    stderr: join(directory, `${slot}.stderr`),
  }));
  await run("mkfifo", ["-m", "0666", ...pipes.flatMap((slot) => Object.values(slot))]);
  return pipes;
}

/** Both ends of a script's standard streams. */
export type Stdio = {
  /** The script's ends, for `spawn`. */
  inner: [stdin: number | "ignore", stdout: number, stderr: number];
  /** Closes our copies of the script's ends: while one is open, no end of file ever comes. */
  closeInner: () => void;
  stdin: Socket | null;
  stdout: Socket;
  stderr: Socket;
  /** Closes everything. */
  destroy: () => void;
};

/**
 * Opens a slot's pipes for one attempt. Synchronously: no open here can wait (the other end is always held), and each
 * trip through the thread pool would cost more than the call.
 * @throws EMFILE and the like, with nothing left open
 */
export function openStdio(pipes: SlotPipes, withStdin: boolean): Stdio {
  const open = new Set<number>();
  // Bare descriptors, not FileHandles: a FileHandle that is collected closes its number, whoever's it is by then.
  const openEnd = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    open.add(fd);
    return fd;
  };
  const closeEnd = (fd: number) => {
    if (open.delete(fd)) closeSync(fd);
  };
  try {
    // The reader first: without one, opening the other end would wait.
    const outer = [pipes.stdout, pipes.stderr].map((path) => openEnd(path, constants.O_RDONLY | constants.O_NONBLOCK));
    const innerOut = openEnd(pipes.stdout, constants.O_WRONLY);
    const innerErr = openEnd(pipes.stderr, constants.O_WRONLY);
    let innerIn: number | "ignore" = "ignore";
    let outerIn: number | null = null;
    if (withStdin) {
      // Held for a moment, so that neither end waits for the other and the script's is an ordinary, waiting one.
      const both = openEnd(pipes.stdin, constants.O_RDWR);
      innerIn = openEnd(pipes.stdin, constants.O_RDONLY);
      outerIn = openEnd(pipes.stdin, constants.O_WRONLY | constants.O_NONBLOCK);
      closeEnd(both);
    }
    // A socket polls a descriptor instead of blocking a thread, and closes it in the end.
    const adopt = (fd: number, readable: boolean) => {
      open.delete(fd);
      const socket = new Socket({ fd, readable, writable: !readable });
      // A script that does not read its input, or ends while it is fed, is no error of ours.
      socket.on("error", () => socket.destroy());
      return socket;
    };
    const stdin = outerIn === null ? null : adopt(outerIn, false);
    const [stdout, stderr] = [adopt(outer[0] ?? -1, true), adopt(outer[1] ?? -1, true)];
    const closeInner = () => {
      for (const fd of [innerIn, innerOut, innerErr]) if (fd !== "ignore") closeEnd(fd);
    };
    return {
      inner: [innerIn, innerOut, innerErr],
      closeInner,
      stdin,
      stdout,
      stderr,
      destroy: () => {
        closeInner();
        for (const socket of [stdin, stdout, stderr]) socket?.destroy();
      },
    };
  } catch (error) {
    for (const fd of open) closeSync(fd);
    throw error;
  }
}
