import type { SubmitRun } from "#server/contracts/runs.ts";

/** A word for a POSIX shell, whatever is in it. */
export const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** What is copied ends up in histories: secrets stay to be filled in. */
const withoutSecrets = ({ env, ...body }: SubmitRun): SubmitRun => ({
  ...body,
  ...(env === undefined
    ? {}
    : {
        env: Object.fromEntries(
          Object.entries(env).map(([name, given]) => [
            name,
            typeof given === "object" && "value" in given && given.secret === true ? { ...given, value: `<${name}>` } : given,
          ]),
        ),
      }),
});

/** The same submit from a shell. The token stays a variable, and so does what is secret. */
export function curlCommand(origin: string, body: SubmitRun): string {
  return [
    `curl -fsS ${shellQuoted(`${origin}/api/v1/runs`)}`,
    `  -H "Authorization: Bearer $CORRAL_TOKEN"`,
    `  -H 'Content-Type: application/json'`,
    `  --data ${shellQuoted(JSON.stringify(withoutSecrets(body), null, 2))}`,
  ].join(" \\\n");
}
