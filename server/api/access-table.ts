import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { hasRole } from "../auth/roles.ts";
import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import { ADDRESSES } from "./addresses.ts";
import { appRouter } from "./app-router.ts";
import { rolesOf } from "./procedures.ts";
import { REST_BASE, createRestApp } from "./rest/app.ts";
import { restRoles } from "./rest/endpoint.ts";

export type Transport = "tRPC" | "REST" | "route";

/** Something that can be asked of Corral, and who may; `everybody` needs no sign-in. */
export type Access = { name: string; transport: Transport; role: Role | "everybody" };

/** Everything, in the order of the table. */
export function allAccess(): Access[] {
  const procedures = [...rolesOf(appRouter)].map(([name, role]): Access => ({ name, transport: "tRPC", role }));
  const rest = [...restRoles(createRestApp(), REST_BASE)].map(([name, role]): Access => ({ name, transport: "REST", role }));
  const routes = ADDRESSES.flatMap(({ path, role }): Access[] =>
    role === "tRPC" || role === "REST" ? [] : [{ name: path.replace(/^\*$/, "/api/*").replace("*", "…"), transport: "route", role }],
  );
  return [procedures, rest, routes].flatMap((list) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

/** Whether somebody may: `null` is nobody signed in. */
export const mayCall = (role: Role | null, { role: needed }: Access): boolean => needed === "everybody" || (role !== null && hasRole(role, needed));

/** Who may do what, as Markdown. */
export function accessTable(): string {
  const columns = [null, ...ROLES];
  const rows = allAccess().map((access) => {
    const cells = columns.map((role) => (mayCall(role, access) ? "✓" : "–"));
    return `| \`${access.name}\` | ${access.transport} | ${cells.join(" | ")} |`;
  });
  return [`| what | by | not signed in | ${ROLES.join(" | ")} |`, "| --- | --- | :---: | :---: | :---: | :---: |", ...rows].join("\n");
}

const DOCUMENT = join(import.meta.dirname, "../../ARCHITECTURE.md");
/** Between these two lines of it the table stands. */
const MARKED = /(?<=<!-- access: .*? -->\n\n)[^]*?(?=\n\n<!-- access ends -->)/;

/** The table as it was written down last. */
export const publishedAccessTable = (): string => MARKED.exec(readFileSync(DOCUMENT, "utf8"))?.[0] ?? "";

if (import.meta.main) writeFileSync(DOCUMENT, readFileSync(DOCUMENT, "utf8").replace(MARKED, accessTable().replaceAll("$", "$$$$")));
