import { router, viewerProcedure } from "../procedures.ts";

/** Who is signed in. */
export const sessionRouter = router({
  me: viewerProcedure.query(({ ctx: { actor } }) => ({ kind: actor.kind, id: actor.id, name: actor.name, role: actor.role })),
});
