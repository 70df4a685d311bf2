import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";

import type { ProblemCode } from "../contracts/problem.ts";
import { ServiceError, TooManyRequestsError } from "../errors.ts";
import type { FieldError } from "../errors.ts";
import { isDatabaseAway } from "./database-away.ts";

/** The codes of the verbs, and some that only a transport can come to. */
export type FailureCode = ProblemCode;

/** A failed request as every transport tells it: what, how HTTP calls it, and which fields were refused. */
export type Failure = {
  code: FailureCode;
  status: number;
  message: string;
  fields: FieldError[];
  /** For who may try again: after so many seconds. */
  retryAfterS: number | null;
};

/** A database that is away is often back within so long. */
const UNAVAILABLE_S = 2;

/** The one place that knows which HTTP status and tRPC code a failure has. */
const TRANSPORT: Record<FailureCode, { status: number; trpc: TRPC_ERROR_CODE_KEY }> = {
  invalid_input: { status: 400, trpc: "BAD_REQUEST" },
  bad_request: { status: 400, trpc: "BAD_REQUEST" },
  unauthenticated: { status: 401, trpc: "UNAUTHORIZED" },
  forbidden: { status: 403, trpc: "FORBIDDEN" },
  not_found: { status: 404, trpc: "NOT_FOUND" },
  method_not_allowed: { status: 405, trpc: "METHOD_NOT_SUPPORTED" },
  request_timeout: { status: 408, trpc: "TIMEOUT" },
  conflict: { status: 409, trpc: "CONFLICT" },
  precondition_failed: { status: 412, trpc: "PRECONDITION_FAILED" },
  payload_too_large: { status: 413, trpc: "PAYLOAD_TOO_LARGE" },
  unsupported_media_type: { status: 415, trpc: "UNSUPPORTED_MEDIA_TYPE" },
  limit_exceeded: { status: 422, trpc: "UNPROCESSABLE_CONTENT" },
  precondition_required: { status: 428, trpc: "PRECONDITION_REQUIRED" },
  too_many_requests: { status: 429, trpc: "TOO_MANY_REQUESTS" },
  internal_error: { status: 500, trpc: "INTERNAL_SERVER_ERROR" },
  unavailable: { status: 503, trpc: "SERVICE_UNAVAILABLE" },
};

const CODE_OF_TRPC = new Map(Object.entries(TRANSPORT).map(([code, { trpc }]) => [trpc, code as FailureCode]));
CODE_OF_TRPC.set("BAD_REQUEST", "bad_request");
CODE_OF_TRPC.set("PARSE_ERROR", "bad_request");

/** A failure that a transport itself came to. */
export function failureOf(code: FailureCode, message: string, fields: FieldError[] = []): Failure {
  return { code, status: TRANSPORT[code].status, message, fields, retryAfterS: code === "unavailable" ? UNAVAILABLE_S : null };
}

/** Thrown by a transport for a request that never came to be a call: an unreadable body, a missing precondition. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly failure: Failure;

  constructor(code: FailureCode, message: string, fields: FieldError[] = []) {
    super(message);
    this.failure = failureOf(code, message, fields);
  }
}

/**
 * What a caller may know of an error. A ServiceError speaks for itself; a database that is away is told as such;
 * everything else is our own fault and masked, since its text may hold anything.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof RequestRefused) return error.failure;
  if (error instanceof TooManyRequestsError) return { ...failureOf(error.code, error.message), retryAfterS: error.retryAfterS };
  if (error instanceof ServiceError) return failureOf(error.code, error.message, error.fields);
  if (isDatabaseAway(error)) return failureOf("unavailable", "The database can't be reached right now. Try again in a few seconds.");
  if (error instanceof TRPCError) {
    if (error.cause instanceof ServiceError || error.cause instanceof RequestRefused || isDatabaseAway(error.cause)) return toFailure(error.cause);
    const code = CODE_OF_TRPC.get(error.code);
    // tRPC's own refusals (no such procedure, unreadable body) carry nothing of ours.
    if (code !== undefined && code !== "internal_error") return failureOf(code, error.message);
  }
  return failureOf("internal_error", "Something went wrong inside Corral. The request id finds it in the log.");
}

/** The failure as tRPC throws it; the original stays its cause. */
export function toTrpcError(error: unknown): TRPCError {
  const failure = toFailure(error);
  const cause = error instanceof TRPCError && error.cause !== undefined ? error.cause : error;
  return new TRPCError({ code: TRANSPORT[failure.code].trpc, message: failure.message, cause });
}
