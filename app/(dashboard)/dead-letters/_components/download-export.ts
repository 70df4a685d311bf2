import type { ExportDeadLetters } from "#server/contracts/dead-letters.ts";
import type { Problem } from "#server/contracts/problem.ts";

const AWAY = "The server can’t be reached, or broke off. It may be restarting, or the network is down. Nothing was saved.";

/** Asks for the file and hands it to the browser's downloads. @throws Error with a sentence for a person */
export async function downloadExport(wanted: ExportDeadLetters): Promise<void> {
  const response = await fetch("/api/dead-letters/export", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(wanted),
  }).catch((error: unknown) => {
    throw new Error(AWAY, { cause: error });
  });
  if (!response.ok) {
    const problem = response.headers.get("content-type")?.startsWith("application/problem+json") === true ? ((await response.json()) as Problem) : null;
    throw new Error(problem?.detail ?? AWAY);
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `dead-letters.${wanted.format}`;
  const file = await response.blob().catch((error: unknown) => {
    throw new Error(AWAY, { cause: error });
  });
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download holds the file itself by now.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
