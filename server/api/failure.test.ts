import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";

import { ConflictError, InvalidInputError, LimitExceededError, NotFoundError, ServiceError, TooManyRequestsError } from "../errors.ts";
import { toFailure, toTrpcError } from "./failure.ts";

const field = { path: "limits.pidsMax", message: "is too much" };

test.each([
  [new InvalidInputError([field]), "invalid_input", 400, "BAD_REQUEST"],
  [new ServiceError("unauthenticated", "who?"), "unauthenticated", 401, "UNAUTHORIZED"],
  [new ServiceError("forbidden", "no"), "forbidden", 403, "FORBIDDEN"],
  [new NotFoundError("run", "x"), "not_found", 404, "NOT_FOUND"],
  [new ConflictError("ended"), "conflict", 409, "CONFLICT"],
  [new LimitExceededError([field]), "limit_exceeded", 422, "UNPROCESSABLE_CONTENT"],
  [new TooManyRequestsError("slow down", 7), "too_many_requests", 429, "TOO_MANY_REQUESTS"],
  [new ServiceError("unavailable", "away"), "unavailable", 503, "SERVICE_UNAVAILABLE"],
])("%s", (error, code, status, trpc) => {
  const retryAfterS = { too_many_requests: 7, unavailable: 2 }[code] ?? null;
  const expected = { code, status, message: error.message, fields: error.fields, retryAfterS };
  expect(toFailure(error)).toEqual(expected);
  // However often it is wrapped on its way.
  const wrapped = toTrpcError(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error }));
  expect(wrapped.code).toBe(trpc);
  expect(toFailure(wrapped)).toEqual(expected);
  expect(toFailure(toTrpcError(wrapped))).toEqual(expected);
});

test.each([
  [new Error("password=hunter2")],
  [new TypeError("x is undefined")],
  ["a string"],
  [null],
  [new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "secret", cause: new Error("secret") })],
  // Missing files are our own fault, not the database's.
  [Object.assign(new Error("secret"), { code: "ENOENT", syscall: "open" })],
])("what is our own fault is masked: %s", (error) => {
  const failure = toFailure(error);
  expect(failure).toMatchObject({ code: "internal_error", status: 500, fields: [] });
  expect(JSON.stringify(failure)).not.toMatch(/hunter2|secret|undefined/);
});

test.each([
  [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })],
  [Object.assign(new Error("no socket"), { code: "ENOENT", syscall: "connect" })],
  [Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" })],
  [new Error("timeout exceeded when trying to connect")],
  [new Error("Connection terminated unexpectedly")],
  [Object.assign(new Error("Can't reach database server"), { code: "P1001" })],
  [new AggregateError([Object.assign(new Error("refused"), { code: "ECONNREFUSED" })])],
  [new Error("wrapped", { cause: { kind: "DatabaseNotReachable" } })],
  [new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: Object.assign(new Error("x"), { code: "ECONNRESET" }) })],
])("a database that is away passes: %s", (error) => {
  expect(toFailure(error)).toMatchObject({ code: "unavailable", status: 503 });
});
