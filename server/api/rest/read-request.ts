import type { z } from "@hono/zod-openapi";

import type { FieldError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { RequestRefused } from "../failure.ts";
import { input } from "../input.ts";
import { readBytes } from "../read-bytes.ts";
import type { RestContext } from "./endpoint.ts";

/** What the largest submit takes: its parts' maxima, escaped as JSON. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

const refuse = (fields: FieldError[]) => new RequestRefused("invalid_input", fields.map((field) => `${field.path}: ${field.message}`).join("; "), fields);

/** The JSON body. @throws RequestRefused for another content type, more than 16 MiB, and what is not JSON. */
export async function readBody({ req }: RestContext, { optional = false } = {}): Promise<Record<string, unknown>> {
  const bytes = await readBytes(req.raw, BODY_MAX_BYTES);
  if (optional && bytes.every((byte) => byte <= 0x20)) return {};
  const [mediaType = "", ...parameters] = (req.header("content-type") ?? "").split(";").map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith("charset=") || /^charset="?utf-?8"?$/.test(parameter));
  if (!/^application\/([\w.-]+\+)?json$/.test(mediaType) || !isUtf8) {
    throw new RequestRefused("unsupported_media_type", "Send the body as JSON in UTF-8, with Content-Type: application/json.");
  }
  if (!["", "identity"].includes(req.header("content-encoding")?.trim().toLowerCase() ?? "")) {
    throw new RequestRefused("unsupported_media_type", "Send the body as it is, without Content-Encoding.");
  }
  const body = parse(bytes);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RequestRefused("bad_request", "The body must be a JSON object.");
  }
  return body as Record<string, unknown>;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RequestRefused("bad_request", `The body is not valid JSON: ${error.message}.`);
    if (error instanceof TypeError) throw new RequestRefused("bad_request", "The body is not valid UTF-8.");
    throw new RequestRefused("bad_request", "The body is nested too deeply.");
  }
}

/** For what takes no body: an empty one, or an empty object, is let pass. @throws RequestRefused for any field. */
export async function refuseBody(c: RestContext): Promise<void> {
  const fields = Object.keys(await readBody(c, { optional: true }));
  if (fields.length > 0) throw refuse(fields.map((path) => ({ path, message: "is not a known field; this takes no body" })));
}

/** @throws RequestRefused naming each parameter that the endpoint doesn't have, with the likely one. */
export function refuseUnknownQuery({ req }: RestContext, query: z.ZodObject | undefined): void {
  const known = Object.keys(query?.shape ?? {});
  const unknown = Object.keys(req.queries()).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw refuse(unknown.map((path) => ({ path, message: unknownParameter(path, known) })));
}

function unknownParameter(name: string, known: string[]): string {
  // Addresses end up in logs and histories.
  if (/token|secret|password|^auth|api.?key/i.test(name)) return "must not be in the address; send Authorization: Bearer <token>";
  const likely = suggest(name, known);
  if (likely !== null) return `is not a known parameter; did you mean ${likely}?`;
  return known.length === 0 ? "is not a known parameter; this takes none" : `is not a known parameter; there are ${known.join(", ")}`;
}

/** The query as a procedure's input: a parameter given once is a text, one given more often a list. */
export function readQuery({ req }: RestContext): Record<string, string | string[]> {
  const query = Object.entries(req.queries()).map(([name, values]): [string, string | string[]] => [name, values.length === 1 ? (values[0] ?? "") : values]);
  return Object.fromEntries(query);
}

/** The query by a schema of the endpoint's own. @throws InvalidInputError */
export const parseQuery = <T extends z.ZodType>(c: RestContext, schema: T): z.output<T> => input(schema).parse(readQuery(c));

/** A parameter of the path. */
export const pathParameter = ({ req }: RestContext, name: string): string => req.param(name) ?? "";

/** A header that has to look like this, or undefined where it is absent. @throws RequestRefused naming it */
export function readHeader({ req }: RestContext, name: string, pattern: RegExp, message: string): string | undefined {
  const value = req.header(name);
  if (value === undefined) return undefined;
  if (!pattern.test(value)) throw refuse([{ path: name, message }]);
  return value;
}

/** A parameter that is a list either way: `include=source,output` or `include=source&include=output`. */
export function asList(value: string | string[] | undefined): string[] | undefined {
  return value === undefined ? undefined : [value].flat().flatMap((part) => part.split(","));
}

/** The procedures' strict input refuses a body's fields by name; what this adds must not be one of them. */
export function withoutOwn(body: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const taken = Object.keys(own).filter((name) => Object.hasOwn(body, name));
  if (taken.length === 0) return { ...body, ...own };
  throw refuse(taken.map((path) => ({ path, message: "is not a known field" })));
}
