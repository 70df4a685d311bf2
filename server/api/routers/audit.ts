import { listAudit } from "../../audit/list-audit.ts";
import { listAuditSchema } from "../../contracts/audit.ts";
import { input } from "../input.ts";
import { administratorProcedure, router } from "../procedures.ts";

/** Who changed what. It names people and addresses, so it is for administrators. */
export const auditRouter = router({
  list: administratorProcedure.input(input(listAuditSchema)).query(({ ctx, input: filter }) => listAudit(ctx, filter)),
});
