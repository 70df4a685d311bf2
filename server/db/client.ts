import { Socket } from "node:net";

import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import type { QueryResultRow } from "pg";

import { config } from "../config.ts";
import { PrismaClient } from "./generated/client.ts";
import type { Prisma } from "./generated/client.ts";
import { createListener } from "./listener.ts";
import type { Listener } from "./listener.ts";
import { prepared } from "./prepared.ts";
import type { SqlRunner } from "./sql-transaction.ts";

/** An open transaction; what a verb writes goes through it together or not at all. */
export type Transaction = Prisma.TransactionClient;

/** A client or an open transaction. */
export type Db = PrismaClient | Transaction;

/** A process's ways to its database: one pool, shared by Prisma and pg-boss, and one connection that listens. */
export type Database = {
  client: PrismaClient;
  pool: Pool;
  /** One statement in SQL as it is; see sqlTransaction for when. */
  rows: SqlRunner["rows"];
  listener: Listener;
  /**
   * Drops every connection, also those in use: their callers get the error of a connection that broke, and new ones are made. For
   * who has noticed that the database does not answer: a connection that is silently gone never says so itself.
   */
  renew: () => void;
  close: () => Promise<void>;
};

/**
 * How long a caller waits for a connection before the database counts as away, in milliseconds. A database that is down
 * refuses at once; this bounds one that does not answer, and a moment in which every connection is in use.
 */
const CONNECT_TIMEOUT_MS = 2_500;
/** No statement of ours takes so long; one without an answer is on a connection that is silently gone. The last resort: `renew` is quicker. */
const QUERY_TIMEOUT_MS = 60_000;

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
  const sockets = new Set<Socket>();
  const renew = () => {
    for (const socket of sockets) socket.destroy(new Error("Connection terminated: the database did not answer."));
  };
  const pool = new Pool({
    connectionString: url,
    query_timeout: QUERY_TIMEOUT_MS,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      return socket;
    },
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // What a caller sends without waiting goes out at once: a transaction's statements that need nothing of one another take one round trip.
    pipeline: true,
    application_name: "corral",
  });
  // An idle connection that the server closes emits here; without a listener it would end the process. The pool
  // drops it and opens another on demand, so there is nothing else to do.
  pool.on("error", () => undefined);
  // The same for one that is just changing hands: the pool no longer listens then, and who asked for it not yet.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const client = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 5_000, timeout: 15_000 } });
  const listener = createListener(url, renew);
  return {
    client,
    pool,
    rows: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => (await pool.query<Row>(prepared(text, values))).rows,
    listener,
    renew,
    close: async () => {
      await listener.close();
      await client.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

// Pages have a copy of each module in their bundle; the global keeps it to one pool a process.
const holder = globalThis as typeof globalThis & { corralDatabase?: Database };

/** The process's database, opened at first use. */
export function database(): Database {
  holder.corralDatabase ??= openDatabase(connectionString());
  return holder.corralDatabase;
}
