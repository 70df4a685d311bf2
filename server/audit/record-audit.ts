import type { ServiceContext } from "../context.ts";
import type { AuditAction } from "../contracts/audit.ts";
import type { Db } from "../db/client.ts";
import type { Prisma } from "../db/generated/client.ts";

/** What happened. Never put a secret into `before` or `after`: entries are read by people, and stay for a year. */
export type Happening = {
  action: AuditAction;
  target?: { id: string | null; name?: string | null };
  before?: object;
  after?: object;
};

/** Who did it, and where from. */
export type AuditSource = Pick<ServiceContext, "origin"> & { actor: { kind: string; id: string; name: string } };

/** Who could not sign in, by the name they gave. */
export const nobody = (name: string) => ({ kind: "nobody", id: "", name });

const json = (value: object | undefined) => (value === undefined ? {} : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonObject));

/** Writes down that something was changed, by whom and from where: in the transaction of the change, so that there is neither without the other. */
export async function recordAudit(tx: Db, { actor, origin }: AuditSource, { action, target, before, after }: Happening): Promise<void> {
  await tx.auditEntry.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action,
      targetId: target?.id ?? null,
      targetName: target?.name ?? null,
      ...(before === undefined ? {} : { before: json(before) }),
      ...(after === undefined ? {} : { after: json(after) }),
      requestId: origin?.requestId ?? null,
      address: origin?.address ?? null,
    },
  });
}
