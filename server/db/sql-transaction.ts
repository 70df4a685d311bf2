import { DatabaseError } from "pg";
import type { PoolClient, QueryResult, QueryResultRow } from "pg";

import type { Database } from "./client.ts";
import { prepared } from "./prepared.ts";

/** What statements in SQL as it is are given to: a database, each in a transaction of its own, or an open transaction. */
export type SqlRunner = {
  rows: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
};

/** An open transaction in SQL as it is. Statements that are given to it without waiting for one another are sent together. */
export type SqlTransaction = SqlRunner;

/**
 * A statement that fails unless a condition holds, and so takes its transaction back: it divides by it, since plain SQL has no other way
 * to fail. A condition without an answer does not hold.
 * @throws what `isUnmet` tells
 */
export async function requireThat({ rows }: SqlRunner, condition: string, values?: unknown[]): Promise<void> {
  await rows(`SELECT 1 / coalesce((${condition}), false)::int`, values);
}

/** Whether a condition that was required did not hold: PostgreSQL calls it division_by_zero. */
export const isUnmet = (error: unknown) => error instanceof DatabaseError && error.code === "22012";

/** How a transaction begins and ends, where it is more than BEGIN and COMMIT. */
export type Course<Found> = {
  /** How it begins: where the planner needs to be told something, settings that end with the transaction. */
  opening?: string;
  /** What is looked at first, sent with BEGIN, and waited for. Without it the work is sent with BEGIN. */
  first?: (tx: SqlTransaction) => Promise<Found>;
  /**
   * How many statements the work sends, where that is known: COMMIT is sent with the last of them, not after its answer. What the work makes
   * of their answers can't take them back then; a statement that fails still does.
   */
  writes?: number;
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
  { opening = "BEGIN", first, writes = Infinity }: Course<Found> = {},
): Promise<T> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  let isOpen = true;
  let left = Infinity;
  /** What went wrong first: what stands behind it on the connection fails for no reason of its own. */
  let failure: { error: unknown } | undefined;
  const note = (error: unknown) => {
    failure ??= { error };
  };
  let committing: Promise<QueryResult> | undefined;
  const commit = () => {
    isOpen = false;
    committing ??= connection.query("COMMIT");
    return committing;
  };
  const tx: SqlTransaction = {
    rows: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      if (!isOpen || left === 0) {
        const error = new Error("The transaction that this statement belongs to is over.");
        note(error);
        throw error;
      }
      const answer = connection.query<Row>(prepared(text, values));
      left -= 1;
      answer.catch(note);
      // A tick later, but before anything is read: a statement that could not even be sent is known to have failed by then.
      if (left === 0) process.nextTick(() => failure !== undefined || commit().catch(() => undefined));
      return (await answer).rows;
    },
  };
  const perform = async (): Promise<T> => {
    // Of what stands behind it on this connection nothing can be carried out by itself: BEGIN fails only with the connection, and what else
    // opens it fails within the transaction, and fails what follows.
    const opened = connection.query(opening);
    opened.catch(note);
    if (first === undefined) {
      left = writes;
      const [, result] = await Promise.all([opened, work(tx, undefined as Found)]);
      return result;
    }
    const [, found] = await Promise.all([opened, first(tx)]);
    left = writes;
    return work(tx, found);
  };
  try {
    const result = await perform();
    const { command } = await commit();
    // What PostgreSQL answers when a statement failed and nobody minded.
    if (command !== "COMMIT") throw new Error("The transaction was rolled back: one of its statements had failed.");
    return result;
  } catch (error) {
    // Of statements that were begun side by side one may not have been sent when another failed: it would be carried out by itself.
    isOpen = false;
    broken = await rollBack(connection);
    throw isAborted(error) ? (failure?.error ?? error) : error;
  } finally {
    // One that can't even roll back is not used again.
    connection.release(broken);
  }
}

const isAborted = (error: unknown) => error instanceof DatabaseError && error.code === "25P02";

async function rollBack(connection: PoolClient): Promise<Error | undefined> {
  try {
    await connection.query("ROLLBACK");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
