/** What went wrong, in the domain's words. Each transport maps the code once (server/api/). */
export type ServiceErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "limit_exceeded"
  | "too_many_requests"
  | "unavailable";

/** A field that was refused, by its path in the body (`limits.memoryBytes`), and what to do about it. */
export type FieldError = { path: string; message: string };

/** Thrown by verbs for anything the caller can act on; everything else is our own fault. */
export class ServiceError extends Error {
  override readonly name: string = "ServiceError";
  readonly code: ServiceErrorCode;
  readonly fields: FieldError[];

  constructor(code: ServiceErrorCode, message: string, fields: FieldError[] = []) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

/** Nothing with that id exists, or the caller may not know that it does. */
export class NotFoundError extends ServiceError {
  override readonly name = "NotFoundError";

  constructor(what: string, id: string) {
    super("not_found", `There is no ${what} with the id ${JSON.stringify(id.slice(0, 100))}.`);
  }
}

/** The thing is there but not in a state that allows this. */
export class ConflictError extends ServiceError {
  override readonly name = "ConflictError";

  constructor(message: string) {
    super("conflict", message);
  }
}

/** Asked too often, or for more than is taken on now. */
export class TooManyRequestsError extends ServiceError {
  override readonly name = "TooManyRequestsError";
  /** When to come back, seconds. */
  readonly retryAfterS: number;

  constructor(message: string, retryAfterS: number) {
    super("too_many_requests", message);
    this.retryAfterS = retryAfterS;
  }
}

/** Input that is well-formed but refused, field by field. */
export class InvalidInputError extends ServiceError {
  override readonly name = "InvalidInputError";

  constructor(fields: FieldError[]) {
    super("invalid_input", fields.map((field) => `${field.path}: ${field.message}`).join("; "), fields);
  }
}

/** A limit above the administrator's maximum: refused by name, never lowered in silence. */
export class LimitExceededError extends ServiceError {
  override readonly name = "LimitExceededError";

  constructor(fields: FieldError[]) {
    super("limit_exceeded", fields.map((field) => field.message).join(" "), fields);
  }
}
