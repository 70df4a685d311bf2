import { execFileSync } from "node:child_process";

import { Refusal } from "../bootstrap/refusal.mjs";

/** The account that PostgreSQL runs under, which refuses to run as root. */
export type Account = { uid: number; gid: number };

const NAME = "corral-postgres";

function lookUp(): Account | null {
  try {
    const idOf = (flag: string) => Number(execFileSync("id", [flag, NAME], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch (error) {
    if (typeof (error as { status?: unknown }).status === "number") return null;
    throw error;
  }
}

/** Null where we are not root and PostgreSQL simply runs as we do; else a system account of its own, made when missing. */
export function databaseAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const existing = lookUp();
  if (existing !== null) return existing;
  try {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME], {
      stdio: "pipe",
    });
  } catch (error) {
    throw new Refusal(`PostgreSQL does not run as root, and the account ${NAME} could not be made for it. Make it with: useradd --system ${NAME}`, {
      cause: error,
    });
  }
  const made = lookUp();
  if (made === null) throw new Error(`The account ${NAME} was made but can't be looked up.`);
  return made;
}
