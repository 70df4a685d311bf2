import { database } from "../db/client.ts";
import { ServiceError } from "../errors.ts";
import { answering } from "./answer.ts";

/** A database that does not answer within so long is not one to send requests to. */
const ANSWER_WITHIN_MS = 2_000;

const ok = (requestId: string) =>
  Response.json({ status: "ok" }, { headers: { "cache-control": "no-store", "corral-request-id": requestId, "x-content-type-options": "nosniff" } });

/** The process is there. Open to everybody, like readiness: load balancers have no token, and neither tells more. */
export const handleLiveness = answering((_, requestId) => Promise.resolve(ok(requestId)));

/** The process can serve: its database answers. 503 with Retry-After else. */
export const handleReadiness = answering(async (_, requestId) => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new ServiceError("unavailable", "The database does not answer.")), ANSWER_WITHIN_MS);
  try {
    await Promise.race([database().client.$queryRaw`SELECT 1`, late.promise]);
  } finally {
    clearTimeout(timer);
  }
  return ok(requestId);
});
