import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { authenticate } from "../auth/authenticate.ts";
import type { Actor } from "../context.ts";

/** Who is signed in, for pages and layouts; anybody else is sent to sign in. The cookie is checked for real, not just seen. */
export async function requireActor(): Promise<Actor> {
  const actor = await authenticate(await headers());
  if (actor === null) redirect("/sign-in");
  return actor;
}
