import { RequestRefused } from "../failure.ts";
import type { RestContext } from "./endpoint.ts";

/** What the largest submit takes: its parts' maxima, escaped as JSON. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

/** The JSON body. @throws RequestRefused for another content type, more than 16 MiB, and what is not JSON. */
export async function readBody({ req }: RestContext, { optional = false } = {}): Promise<Record<string, unknown>> {
  const text = await readText(req.raw);
  if (optional && text.trim() === "") return {};
  const contentType = req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^application\/([\w.-]+\+)?json$/.test(contentType)) {
    throw new RequestRefused("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json.");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new RequestRefused("bad_request", `The body is not valid JSON: ${(error as SyntaxError).message}.`);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RequestRefused("bad_request", "The body must be a JSON object.");
  }
  return body as Record<string, unknown>;
}

async function readText(request: Request): Promise<string> {
  const tooLarge = () => new RequestRefused("payload_too_large", `The body is larger than ${BODY_MAX_BYTES / 1024 ** 2} MiB.`);
  if (Number(request.headers.get("content-length") ?? 0) > BODY_MAX_BYTES) throw tooLarge();
  if (request.body === null) return "";
  // The header may lie or be absent: what arrives is counted.
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body) {
    bytes += part.byteLength;
    if (bytes > BODY_MAX_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The query as a procedure's input: a parameter given once is a text, one given more often a list. */
export function readQuery({ req }: RestContext): Record<string, string | string[]> {
  const query = Object.entries(req.queries()).map(([name, values]): [string, string | string[]] => [name, values.length === 1 ? (values[0] ?? "") : values]);
  return Object.fromEntries(query);
}

/** A parameter that is a list either way: `include=source,output` or `include=source&include=output`. */
export function asList(value: string | string[] | undefined): string[] | undefined {
  return value === undefined ? undefined : [value].flat().flatMap((part) => part.split(","));
}

/** The procedures' strict input refuses a body's fields by name; what this adds must not be one of them. */
export function withoutOwn(body: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const taken = Object.keys(own).filter((name) => name in body);
  if (taken.length === 0) return { ...body, ...own };
  const fields = taken.map((path) => ({ path, message: "is not a known field" }));
  throw new RequestRefused("invalid_input", fields.map((field) => `${field.path}: ${field.message}`).join("; "), fields);
}
