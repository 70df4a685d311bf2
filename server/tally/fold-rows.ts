import type { Database } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { joinSql, rawSql, sql } from "../db/sql.ts";

const MOST = 50_000;

/** Of a table whose rows only count: by what, which of its columns are sums, and below how many rows a sum costs nothing and none is folded. */
export type Folding = { table: string; keys: readonly string[]; sums: readonly string[]; few: Sql };

/**
 * Puts rows that count the same together, in one statement: whoever reads meanwhile sees them before or after, and the same sum either way.
 * What comes to nothing goes. Any number of callers may fold at once; none waits for a row that is just being written.
 */
export async function foldRows({ client }: Pick<Database, "client">, { table, keys, sums, few }: Folding): Promise<void> {
  const counted = rawSql(table);
  const by = rawSql(keys.join(", "));
  const columns = rawSql([...keys, ...sums].join(", "));
  const total = rawSql(sums.map((column) => `sum(${column})`).join(", "));
  const isSomething = joinSql(
    sums.map((column) => sql`sum(${rawSql(column)}) <> 0`),
    " OR ",
  );
  await client.$executeRaw`
    WITH many AS (SELECT few < (SELECT count(*) FROM (SELECT FROM ${counted} LIMIT few + 1) AS rows) AS "are" FROM (SELECT ${few} AS few) AS bound),
    gone AS (
      DELETE FROM ${counted} WHERE (SELECT "are" FROM many) AND id IN (SELECT id FROM ${counted} ORDER BY id LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}
    )
    INSERT INTO ${counted} (${columns}) SELECT ${by}, ${total} FROM gone GROUP BY ${by} HAVING ${isSomething}`;
}
