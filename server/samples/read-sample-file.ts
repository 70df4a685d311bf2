import { access, constants, open } from "node:fs/promises";
import { resolve } from "node:path";

import type { SampleInput } from "./samples.ts";

/** Next.js runs from the project's root, as every process of Corral does. */
const atRoot = (path: string) => resolve(process.cwd(), path);

/** Whether this process may read a sample's input. */
export async function isReadable({ path }: SampleInput): Promise<boolean> {
  try {
    await access(atRoot(path), constants.R_OK);
    return true;
  } catch {
    // Missing or forbidden: the sample is listed as not available, with its reason.
    return false;
  }
}

/** A text file, or its newest `maxBytes` from the next whole line on. */
export async function readEnd(path: string, maxBytes: number): Promise<string> {
  const file = await open(atRoot(path), "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, start);
    const text = buffer.subarray(0, bytesRead).toString("utf8");
    return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
  } finally {
    await file.close();
  }
}
