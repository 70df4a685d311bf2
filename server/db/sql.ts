import { Prisma } from "./generated/client.ts";

/** A piece of SQL with its parameters, to be put together with others. */
export type Sql = Prisma.Sql;

/** A template of SQL: what is put in becomes a parameter, or a piece that is itself SQL. */
export const sql = Prisma.sql;

/** Pieces beside each other, with a comma or another separator between them. */
export const joinSql = Prisma.join;

/** Text that is SQL and no parameter: never what a caller sent. */
export const rawSql = Prisma.raw;
