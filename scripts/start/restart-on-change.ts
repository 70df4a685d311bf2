import { watch } from "node:fs";

import type { Child } from "./child.ts";

/** An editor saves several files at once, and one of them in several steps. */
const SETTLE_MS = 200;

/** For `npm run dev`: pages are made anew by Next.js, what the web process itself is made of only by another process. Returns how to end it. */
export function restartOnChange(child: Child, folder: string): () => void {
  let settling: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (file === null || !file.endsWith(".ts") || file.endsWith(".test.ts")) return;
    clearTimeout(settling);
    settling = setTimeout(child.restart, SETTLE_MS);
  });
  return () => {
    clearTimeout(settling);
    watcher.close();
  };
}
