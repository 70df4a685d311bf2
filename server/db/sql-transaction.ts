import type { PoolClient, QueryResultRow } from "pg";

import type { Database } from "./client.ts";
import { prepared } from "./prepared.ts";

/** What statements in SQL as it is are given to: a database, each in a transaction of its own, or an open transaction. */
export type SqlRunner = {
  rows: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
};

/** An open transaction in SQL as it is. Statements that are given to it without waiting for one another are sent together. */
export type SqlTransaction = SqlRunner;

/** How a transaction begins, where it is more than BEGIN. */
export type Beginning<Found> = {
  /** Where the planner needs to be told something: settings that end with the transaction. */
  opening?: string;
  /** What is looked at first, sent with BEGIN. It must write nothing: should BEGIN fail, it would stand by itself. */
  first: (tx: SqlTransaction) => Promise<Found>;
};

/**
 * Does work in one transaction, without Prisma: for the few steps that every run goes through. A statement of Prisma's takes one to two
 * milliseconds of this process's time, and one of these a third of one; such a step was eight of them.
 * @param work what is written, with what was found `first`
 * @throws what a statement throws, after nothing was written; when the commit's answer is lost, nobody knows whether it was
 */
export async function sqlTransaction<T, Found = void>(
  { pool }: Database,
  work: (tx: SqlTransaction, found: Found) => Promise<T>,
  { opening = "BEGIN", first }: Beginning<Found> = { first: () => Promise.resolve() as Promise<Found> },
): Promise<T> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  let isOpen = true;
  const tx: SqlTransaction = {
    rows: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      if (!isOpen) throw new Error("The transaction that this statement belongs to is over.");
      return (await connection.query<Row>(prepared(text, values))).rows;
    },
  };
  try {
    const [, found] = await Promise.all([connection.query(opening), first(tx)]);
    const result = await work(tx, found);
    isOpen = false;
    await connection.query("COMMIT");
    return result;
  } catch (error) {
    // Of statements that were begun side by side one may not have been sent when another failed: it would be carried out by itself.
    isOpen = false;
    broken = await rollBack(connection);
    throw error;
  } finally {
    // One that can't even roll back is not used again.
    connection.release(broken);
  }
}

async function rollBack(connection: PoolClient): Promise<Error | undefined> {
  try {
    await connection.query("ROLLBACK");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
