import { ALWAYS_OFFERED, LANGUAGES } from "#server/contracts/languages.ts";
import type { Worker } from "#server/contracts/workers.ts";

export type Language = { id: string; title: string; version: string | null; placeholder: string; indent: number };

const PLACEHOLDERS: Record<string, string> = {
  bash: '#!/usr/bin/env bash\nset -euo pipefail\n\necho "Hello from $(hostname)"',
  python: 'import sys\n\nprint("Hello from Python", sys.version)',
  node: 'console.log("Hello from Node.js", process.version);',
  sh: 'set -eu\n\necho "Hello from $(hostname)"',
  perl: 'use strict;\nuse warnings;\n\nprint "Hello from Perl $^V\\n";',
  ruby: 'puts "Hello from Ruby #{RUBY_VERSION}"',
  php: '<?php\necho "Hello from PHP ", PHP_VERSION, "\\n";',
  lua: 'print("Hello from " .. _VERSION)',
};
const TITLES: Record<string, string> = Object.fromEntries(LANGUAGES.map(({ id, title }) => [id, title]));

/** What can be chosen: the three that always are, then whatever else live workers offer. `chosen` stays even when nobody offers it any more. */
export function languagesOf(workers: readonly Pick<Worker, "status" | "runtimes">[], chosen: string): Language[] {
  const offered = workers.filter((worker) => worker.status === "active" || worker.status === "draining").flatMap((worker) => worker.runtimes);
  const ids = [...new Set([...ALWAYS_OFFERED, ...offered.map((runtime) => runtime.id).sort(), chosen])];
  return ids.map((id) => {
    const runtime = offered.find((one) => one.id === id);
    return {
      id,
      title: TITLES[id] ?? runtime?.title ?? id,
      version: runtime?.version ?? null,
      placeholder: PLACEHOLDERS[id] ?? "",
      indent: id === "python" ? 4 : 2,
    };
  });
}
