import type { ServiceContext } from "../context.ts";
import type { AuditEntry, ListAudit } from "../contracts/audit.ts";
import type { AuditEntry as Row, Prisma } from "../db/generated/client.ts";
import { InvalidInputError } from "../errors.ts";
import { isId } from "../runs/run-id.ts";
import { differences } from "./differences.ts";

/** A page of what was changed, newest first. @throws InvalidInputError for a cursor that is none */
export async function listAudit(ctx: ServiceContext, filter: ListAudit): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const { cursor, limit } = filter;
  if (cursor !== undefined && !isId(cursor)) throw new InvalidInputError([{ path: "cursor", message: "must be a nextCursor that this list gave" }]);
  const rows = await ctx.database.client.auditEntry.findMany({
    where: { AND: [whereOf(filter), ...(cursor === undefined ? [] : [{ id: { lt: cursor } }])] },
    // Ids rise with time.
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items: items.map(toEntry), nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function whereOf({ noun, actor, target, from, to }: ListAudit): Prisma.AuditEntryWhereInput {
  return {
    ...(noun === undefined ? {} : { action: { startsWith: `${noun}.` } }),
    ...(actor === undefined || actor === "" ? {} : { actorName: { contains: escaped(actor), mode: "insensitive" } }),
    ...(target === undefined || target === "" ? {} : { OR: [{ targetId: target }, { targetName: { contains: escaped(target), mode: "insensitive" } }] }),
    at: { ...(from === undefined ? {} : { gte: new Date(from) }), ...(to === undefined ? {} : { lt: new Date(to) }) },
  };
}

/** Prisma hands `contains` to LIKE as it is. */
const escaped = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

function toEntry(row: Row): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actorKind as AuditEntry["actor"]["kind"], id: row.actorId, name: row.actorName },
    action: row.action,
    target: row.targetId === null && row.targetName === null ? null : { id: row.targetId, name: row.targetName },
    changes: differences(row.before ?? {}, row.after ?? {}),
    requestId: row.requestId,
    address: row.address,
  };
}
