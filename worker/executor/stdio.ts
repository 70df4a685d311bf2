import { execFile } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { hasCode } from "./errors.ts";
import { openScriptPipe } from "./script-pipe.ts";
import type { ByteSource } from "./script-pipe.ts";

const run = promisify(execFile);

/** Named pipes of one slot, used by one sandbox after the other: the script's output, and the gate that it waits at. */
export type SlotPipes = { gate: string; stdout: string; stderr: string };

/**
 * Makes the named pipes of every slot. Pipes and not the socket pairs that Node makes by itself: a script that opens
 * `/dev/stderr` gets ENXIO from a socket. Everybody may open them, or the script's uid could not open `/dev/stderr`; no
 * script can reach them by name, since their directory is the worker's alone.
 */
export async function makePipes(directory: string, slots: number): Promise<SlotPipes[]> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pipes = Array.from({ length: slots }, (_, slot) => ({
    gate: join(directory, `${slot}.gate`),
    stdout: join(directory, `${slot}.stdout`),
    stderr: join(directory, `${slot}.stderr`),
  }));
  await run("mkfifo", ["-m", "0666", ...pipes.flatMap((slot) => Object.values(slot))]);
  return pipes;
}

/** What is taken out goes here and nowhere: to make room for it anew, zeroed, was a third of a millisecond for each sandbox. */
const rest = Buffer.allocUnsafeSlow(65_536);

/**
 * Takes out whatever is in a pipe. A script may write to its own gate; the kernel forgets it with the last who had the
 * pipe open, but the next script's start must not hang on that.
 */
function empty(fd: number): void {
  try {
    while (readSync(fd, rest) > 0);
  } catch (error) {
    if (!hasCode(error, "EAGAIN")) throw error;
  }
}

/** Both ends of a sandbox's pipes. */
export type Stdio = {
  /** The sandbox's ends, for `spawn`. */
  inner: { gate: number; stdout: number; stderr: number };
  /** Closes our copies of the sandbox's ends: while one is open, no end of file ever comes. */
  closeInner: () => void;
  gate: Socket;
  stdout: ByteSource;
  stderr: ByteSource;
  /** Closes everything. */
  destroy: () => void;
};

function openGate(fd: number): Socket {
  const gate = new Socket({ fd, readable: false, writable: true });
  // A sandbox that ends while it is fed is no error of ours.
  gate.on("error", () => gate.destroy());
  return gate;
}

/**
 * Opens a slot's pipes for one sandbox. Synchronously: no open here can wait (the other end is always held), and each
 * trip through the thread pool would cost more than the call.
 * @throws EMFILE and the like, with nothing left open
 */
export function openStdio(pipes: SlotPipes): Stdio {
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
  // Held for a moment, so that neither end waits for the other and the inner one is ordinary and waits for data.
  const openPair = (path: string, outerWrites: boolean) => {
    const both = openEnd(path, constants.O_RDWR | constants.O_NONBLOCK);
    empty(both);
    const inner = openEnd(path, outerWrites ? constants.O_RDONLY : constants.O_WRONLY);
    const outer = openEnd(path, constants.O_NONBLOCK | (outerWrites ? constants.O_WRONLY : constants.O_RDONLY));
    closeEnd(both);
    return { inner, outer };
  };
  try {
    const gate = openPair(pipes.gate, true);
    const stdout = openPair(pipes.stdout, false);
    const stderr = openPair(pipes.stderr, false);
    const adopt = (fd: number) => {
      open.delete(fd);
      return fd;
    };
    const sockets = { gate: openGate(adopt(gate.outer)), stdout: openScriptPipe(adopt(stdout.outer)), stderr: openScriptPipe(adopt(stderr.outer)) };
    const inner = { gate: gate.inner, stdout: stdout.inner, stderr: stderr.inner };
    const closeInner = () => {
      for (const fd of Object.values(inner)) closeEnd(fd);
    };
    return {
      inner,
      closeInner,
      ...sockets,
      destroy: () => {
        closeInner();
        for (const socket of Object.values(sockets)) socket.destroy();
      },
    };
  } catch (error) {
    for (const fd of open) closeSync(fd);
    throw error;
  }
}
