import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";

import { config } from "../config.ts";
import { PrismaClient } from "./generated/client.ts";
import type { Prisma } from "./generated/client.ts";
import { createListener } from "./listener.ts";
import type { Listener } from "./listener.ts";

/** An open transaction; what a verb writes goes through it together or not at all. */
export type Transaction = Prisma.TransactionClient;

/** A client or an open transaction. */
export type Db = PrismaClient | Transaction;

/** A process's ways to its database: one pool, shared by Prisma and pg-boss, and one connection that listens. */
export type Database = {
  client: PrismaClient;
  pool: Pool;
  listener: Listener;
  close: () => Promise<void>;
};

/**
 * How long a caller waits for a connection before the database counts as away, in milliseconds. A database that is down
 * refuses at once; this bounds one that does not answer, and a moment in which every connection is in use.
 */
const CONNECT_TIMEOUT_MS = 2_500;

function connectionString(): string {
  const url = config().databaseUrl;
  if (url === null) throw new Error("DATABASE_URL is not set. Start Corral with `npm start`, or set DATABASE_URL to your PostgreSQL.");
  return url;
}

/**
 * Opens a pool, a Prisma client on it, and a listener. Nothing connects before it is used; a connection that can't
 * be had in time is an error, so that a database that is away becomes a quick 503.
 */
export function openDatabase(url: string, poolSize = 16): Database {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: "corral",
  });
  // An idle connection that the server closes emits here; without a listener it would end the process. The pool
  // drops it and opens another on demand, so there is nothing else to do.
  pool.on("error", () => undefined);
  const client = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 5_000, timeout: 15_000 } });
  const listener = createListener(url);
  return {
    client,
    pool,
    listener,
    close: async () => {
      await listener.close();
      await client.$disconnect();
      if (!pool.ended) await pool.end();
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
