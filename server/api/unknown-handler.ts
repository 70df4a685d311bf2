import { ServiceError } from "../errors.ts";
import { answering } from "./answer.ts";
import { RequestRefused } from "./failure.ts";
import { authenticateRequest } from "./request-context.ts";

/** Answers what is not there under /api in the manner of what is, and tells nobody unknown which of the two it is. */
export const handleUnknown = answering(async (request) => {
  if ((await authenticateRequest(request)) === null) throw new ServiceError("unauthenticated", "Send a valid token: Authorization: Bearer <token>.");
  throw new RequestRefused(
    "not_found",
    `There is no ${new URL(request.url).pathname.slice(0, 200)}. The HTTP API is under /api/v1; GET /api/v1/openapi.json lists it.`,
  );
});
