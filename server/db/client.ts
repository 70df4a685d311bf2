import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";

import { config } from "../config.ts";
import { PrismaClient } from "./generated/client.ts";
import type { Prisma } from "./generated/client.ts";

/** A client or an open transaction: verbs take either, so that one can call another inside its transaction. */
export type Db = PrismaClient | Prisma.TransactionClient;
export type Transaction = Prisma.TransactionClient;

/** One pool a process, shared by Prisma and pg-boss. */
export type Database = { client: PrismaClient; pool: Pool; close: () => Promise<void> };

/** The connection string in force: `DATABASE_URL`, which the start script sets for the embedded database too. */
export function connectionString(): string {
  const url = config().databaseUrl;
  if (url === null) throw new Error("DATABASE_URL is not set. Start Corral with `npm start`, or set DATABASE_URL to your PostgreSQL.");
  return url;
}

/**
 * Opens a pool and a Prisma client on it. Connecting fails after 3 s rather than hanging, so that a database that
 * is away becomes a quick 503.
 */
export function openDatabase(url: string, poolSize = 10): Database {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: "corral",
  });
  // An idle connection that the server closes emits here; without a listener it would end the process. The pool
  // drops it and opens another on demand, so there is nothing else to do.
  pool.on("error", () => undefined);
  const client = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 5_000, timeout: 15_000 } });
  return {
    client,
    pool,
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

// Next.js loads a module once a route bundle; the global keeps it to one pool a process.
const holder = globalThis as typeof globalThis & { corralDatabase?: Database };

/** The process's database, opened at first use. */
export function database(): Database {
  holder.corralDatabase ??= openDatabase(connectionString());
  return holder.corralDatabase;
}
