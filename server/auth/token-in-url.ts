import { InvalidInputError } from "../errors.ts";

/** Names by which others take tokens in URLs, and what ours look like whatever they are called. */
const NAMES: ReadonlySet<string> = new Set(["access_token", "api_key", "apikey", "auth_token", "authorization", "bearer", "token"]);
const OURS = /^corral_[\w-]{20,}$/;

/**
 * Refuses a token in a URL, also beside a good one in the header: URLs end up in histories and logs.
 * @throws InvalidInputError naming the parameter, never its value
 */
export function refuseTokenInUrl(url: string): void {
  const found = [...new URL(url).searchParams].find(([name, value]) => NAMES.has(name.toLowerCase()) || OURS.test(value));
  if (found === undefined) return;
  const path = NAMES.has(found[0].toLowerCase()) ? found[0] : "URL";
  throw new InvalidInputError([
    { path, message: "must not be a token: URLs end up in logs. Send Authorization: Bearer <token>, and revoke one that was sent so." },
  ]);
}
