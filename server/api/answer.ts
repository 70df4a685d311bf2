import { randomUUID } from "node:crypto";

import { log, withLogFields } from "../log.ts";
import { toFailure } from "./failure.ts";
import { problemResponse } from "./problem.ts";

/** Gives a route handler of its own (no tRPC, no REST) the failures of every other: problem+json, ours masked and logged. */
export function answering(handler: (request: Request, requestId: string) => Promise<Response>): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = randomUUID();
    const path = new URL(request.url).pathname;
    try {
      return await withLogFields({ requestId }, () => handler(request, requestId));
    } catch (error) {
      return answerFailure(error, { requestId, path });
    }
  };
}

/** What became of a request that failed, told as every failure is: problem+json, ours masked and logged. */
export function answerFailure(error: unknown, request: { requestId: string; path: string }): Response {
  const failure = toFailure(error);
  if (failure.code === "internal_error") log.error({ err: error, ...request }, "a request failed through our own fault");
  return problemResponse(failure, request);
}
