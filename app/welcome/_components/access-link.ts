/** What a link is for. */
export type AccessLink = { purpose: "invitation" | "reset"; email: string; name: string; role: string; expiresAt: string };

/** An answer, or why there is none, in words and by field. */
export type Answer<T> = { ok: true; data: T } | { ok: false; message: string; fields: Record<string, string>; gone: boolean };

type Problem = { detail?: unknown; errors?: { path: string; message: string }[] };

async function post<T>(path: string, body: object): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  } catch (error) {
    // fetch rejects with a TypeError when there was no answer at all.
    if (error instanceof TypeError) return { ok: false, message: "The server can’t be reached. Is it running?", fields: {}, gone: false };
    throw error;
  }
  if (response.ok) return { ok: true, data: (await response.json()) as T };
  const isProblem = response.headers.get("content-type")?.includes("json") === true;
  const problem = isProblem ? ((await response.json()) as Problem) : {};
  return {
    ok: false,
    message: typeof problem.detail === "string" ? problem.detail : `It failed (${response.status}).`,
    fields: Object.fromEntries((problem.errors ?? []).map(({ path: field, message }) => [field, message])),
    gone: response.status === 404,
  };
}

/** The secret of the link that led here; null when there is none. */
export function secretOf(hash: string): string | null {
  const secret = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return secret === null || secret === "" ? null : secret;
}

/** Asks what a link is for, without using it up. */
export const readLink = (token: string): Promise<Answer<AccessLink>> => post("/api/auth/links/read", { token });

/** Uses it: sets the password and signs this browser in. */
export const redeemLink = (wanted: { token: string; name?: string; password: string }): Promise<Answer<{ signedIn: boolean }>> =>
  post("/api/auth/links/redeem", wanted);
