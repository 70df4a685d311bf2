import { recordAudit } from "../audit/record-audit.ts";
import { endSessions } from "../auth/end-session.ts";
import type { ServiceContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { personOf } from "./person.ts";

/** Ends one of one's own sessions, at once. @throws NotFoundError for one that is over, or another's */
export async function endOwnSession(ctx: ServiceContext, { id }: { id: string }): Promise<{ ended: number }> {
  const person = personOf(ctx);
  return ctx.database.client.$transaction(async (tx) => {
    const ended = await endSessions(tx, { userId: person.id, id });
    if (ended === 0) throw new NotFoundError("session", id);
    await recordAudit(tx, ctx, { action: "session.end", target: ctx.actor, after: { ended } });
    return { ended };
  });
}

/** Ends all of one's sessions but the one that asks. */
export async function endOtherSessions(ctx: ServiceContext): Promise<{ ended: number }> {
  const { id, sessionId } = personOf(ctx);
  return ctx.database.client.$transaction(async (tx) => {
    const ended = await endSessions(tx, { userId: id, id: { not: sessionId } });
    if (ended > 0) await recordAudit(tx, ctx, { action: "session.end", target: ctx.actor, after: { ended } });
    return { ended };
  });
}
