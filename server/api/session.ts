import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";

import { authenticate } from "../auth/authenticate.ts";
import { hasPassword } from "../auth/password.ts";
import type { Actor } from "../context.ts";
import { database } from "../db/client.ts";

/** Who is signed in, for pages and layouts; anybody else is sent to sign in. The cookie is checked for real, not just seen, once a page. */
export const requireActor = cache(async (): Promise<Actor> => {
  const actor = await authenticate(await headers());
  if (actor === null) redirect("/sign-in");
  return actor;
});

/** Whether somebody signed in could not do so again: they came by a link and have no password yet. */
export async function lacksPassword({ kind, id }: Actor): Promise<boolean> {
  return kind === "user" && !(await hasPassword(database().client, id));
}
