import { closeSync, readFileSync, readdirSync } from "node:fs";

import { hasCode } from "./errors.ts";

const O_CLOEXEC = 0o2000000;

/**
 * Closes descriptors that whoever started this process left open: every child, and so every script, would inherit them.
 * Node.js opens all of its own with O_CLOEXEC and takes care of the lowest ones it inherits, but not of those beyond.
 */
export function closeInheritedDescriptors(): void {
  for (const name of readdirSync("/proc/self/fd")) {
    const fd = Number(name);
    if (fd <= 2) continue;
    try {
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? "0";
      if ((Number.parseInt(flags, 8) & O_CLOEXEC) === 0) closeSync(fd);
    } catch (error) {
      // The listing's own descriptor, closed by now.
      if (!hasCode(error, "ENOENT", "EBADF")) throw error;
    }
  }
}
