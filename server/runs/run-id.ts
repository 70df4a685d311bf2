import { NotFoundError } from "../errors.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the text could be an id. Ids are opaque to callers, but what is none must not reach a uuid column. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** @throws NotFoundError for what can't be an id: nothing has it. */
export function requireId(what: string, id: string): string {
  if (!isId(id)) throw new NotFoundError(what, id);
  return id;
}
