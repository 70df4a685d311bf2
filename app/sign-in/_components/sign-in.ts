/** What came of trying to sign in, in words for the person who tried. */
export type SignInResult = { ok: true } | { ok: false; message: string };

const MESSAGES: Record<number, string> = {
  400: "That does not look like an e-mail address.",
  401: "E-mail or password is wrong.",
};

/** Signs this browser in by e-mail and password. */
export async function signIn(email: string, password: string): Promise<SignInResult> {
  let response: Response;
  try {
    response = await fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
  } catch (error) {
    // fetch rejects with a TypeError when there was no answer at all.
    if (error instanceof TypeError) return { ok: false, message: "The server can’t be reached. Is it running?" };
    throw error;
  }
  if (response.ok) return { ok: true };
  return { ok: false, message: MESSAGES[response.status] ?? (await detailOf(response)) };
}

async function detailOf(response: Response): Promise<string> {
  const fallback = `Signing in failed (${response.status}).`;
  if (response.headers.get("content-type")?.includes("json") !== true) return fallback;
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null) return fallback;
  const { detail, message } = body as { detail?: unknown; message?: unknown };
  return typeof detail === "string" ? detail : typeof message === "string" ? message : fallback;
}
