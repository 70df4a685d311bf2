import type { Problem } from "#server/contracts/problem.ts";

type FieldError = NonNullable<Problem["errors"]>[number];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** What the server attached to a failed call: tRPC puts it under `data`. */
function dataOf(error: unknown): Record<string, unknown> {
  return isRecord(error) && isRecord(error["data"]) ? error["data"] : {};
}

/** A failed call in words for a person, with the id to find it in the server's log. */
export function describeError(error: unknown): { message: string; requestId: string | undefined } {
  const { requestId, httpStatus } = dataOf(error);
  const own = error instanceof Error ? error.message : "";
  // Without an answer the browser's own words ("Failed to fetch") help nobody.
  const message = httpStatus === undefined ? "The server can't be reached. It may be restarting, or the network is down." : own;
  return { message, requestId: typeof requestId === "string" ? requestId : undefined };
}

/** Whether the thing asked for isn't there: trying again won't help. */
export function isNotFound(error: unknown): boolean {
  return dataOf(error)["httpStatus"] === 404;
}

/** What was refused, by the field's path (`limits.memoryBytes`); empty when the refusal names none. */
export function fieldErrors(error: unknown): Record<string, string> {
  const { fields } = dataOf(error);
  const list = Array.isArray(fields) ? fields : [];
  return Object.fromEntries(list.filter(isFieldError).map(({ path, message }) => [path, message]));
}

function isFieldError(value: unknown): value is FieldError {
  return isRecord(value) && typeof value["path"] === "string" && typeof value["message"] === "string";
}
