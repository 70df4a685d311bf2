import type { Problem } from "../contracts/problem.ts";
import type { Failure, FailureCode } from "./failure.ts";

const TITLES: Record<FailureCode, string> = {
  invalid_input: "The input is not valid",
  bad_request: "The request can't be read",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  conflict: "Conflict",
  precondition_failed: "Changed meanwhile",
  payload_too_large: "Too large",
  unsupported_media_type: "Wrong content type",
  limit_exceeded: "Above a maximum",
  precondition_required: "If-Match is required",
  too_many_requests: "Too many requests",
  internal_error: "Internal error",
  unavailable: "Not available right now",
};

const RETRY_AFTER_S = 2;

/** The stable `type` of a failure: a name, not a page to visit (RFC 9457 allows any URI). */
const problemType = (code: FailureCode): string => `urn:corral:problem:${code.replaceAll("_", "-")}`;

/** A failure as an RFC 9457 answer. */
export function problemResponse(
  failure: Failure,
  { requestId, path, headers = {} }: { requestId: string; path: string; headers?: Record<string, string> },
): Response {
  const problem: Problem = {
    type: problemType(failure.code),
    title: TITLES[failure.code],
    status: failure.status,
    detail: failure.message,
    instance: path,
    ...(failure.fields.length === 0 ? {} : { errors: failure.fields }),
  };
  return new Response(JSON.stringify(problem), {
    status: failure.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "corral-request-id": requestId,
      ...(failure.code === "unauthenticated" ? { "www-authenticate": 'Bearer realm="Corral"' } : {}),
      ...(failure.code === "unavailable" ? { "retry-after": String(RETRY_AFTER_S) } : {}),
      ...(failure.retryAfterS === undefined ? {} : { "retry-after": String(failure.retryAfterS) }),
      ...headers,
    },
  });
}
