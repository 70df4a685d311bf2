import type { SubmitRun } from "#server/contracts/runs.ts";

/** A word for a POSIX shell, whatever is in it. */
export const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same submit from a shell. The token stays a variable: what is copied ends up in histories. */
export function curlCommand(origin: string, body: SubmitRun): string {
  return [
    `curl -fsS ${shellQuoted(`${origin}/api/v1/runs`)}`,
    `  -H "Authorization: Bearer $CORRAL_TOKEN"`,
    `  -H 'Content-Type: application/json'`,
    `  --data ${shellQuoted(JSON.stringify(body, null, 2))}`,
  ].join(" \\\n");
}
