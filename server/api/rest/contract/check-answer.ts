import { Ajv2020 } from "ajv/dist/2020.js";
import * as formats from "ajv-formats";

import { resolve } from "../openapi.ts";
import type { Answer, Operation } from "../openapi.ts";

/** What is wrong with an answer by the document; empty when it fits. */
export type AnswerChecker = (template: string, method: string, operation: Operation, response: Response, text: string) => string[];

/** A copy of the document in which every described object is all that there is: an answer with a field that is not documented fits it no more. */
function sealed<T>(part: T): T {
  if (Array.isArray(part)) return part.map((entry: unknown) => sealed(entry)) as T;
  if (typeof part !== "object" || part === null) return part;
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, sealed(value as unknown)]));
  const isObjectSchema = copy["type"] === "object" && typeof copy["properties"] === "object" && copy["additionalProperties"] === undefined;
  return (isObjectSchema ? { ...copy, additionalProperties: false } : copy) as T;
}

const pointer = (...keys: string[]) => keys.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");

/** Checks answers: a status that is documented, its content type, its required headers, and a body that fits without a field too many. */
export function createAnswerChecker(document: object): AnswerChecker {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(sealed(document), "document");
  const fits = (value: unknown, ...keys: string[]): string[] => {
    const validate = ajv.getSchema(`document#/${pointer(...keys)}`);
    if (validate === undefined) return [`There is no schema at ${keys.join(" ")}.`];
    return validate(value) === true
      ? []
      : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };

  return (template, method, operation, response, text) => {
    const status = String(response.status);
    const listed = operation.responses[status];
    const answer = listed?.$ref === undefined ? listed : (resolve(document, listed) as Answer);
    if (answer === undefined) return [`${status} is not documented: ${text.slice(0, 300)}`];
    const missing = Object.entries(answer.headers ?? {}).flatMap(([name, { required }]) =>
      required === true && !response.headers.has(name) ? [`${name} is missing`] : [],
    );
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    if (answer.content?.[type] === undefined) return [...missing, `${status} comes as ${type}, which is not documented`];
    const at = [...(listed?.$ref?.slice(2).split("/") ?? ["paths", template, method, "responses", status]), "content", type, "schema"];
    if (type === "text/plain") return missing;
    const values = type === "text/event-stream" ? eventsOf(text) : type === "application/x-ndjson" ? linesOf(text) : [text];
    return [...missing, ...values.flatMap((value) => fits(JSON.parse(value), ...at))];
  };
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

/** The data of each event that is whole. */
const eventsOf = (text: string) =>
  text
    .split("\n\n")
    .slice(0, -1)
    .flatMap((event) => event.split("\n").flatMap((line) => (line.startsWith("data: ") ? [line.slice("data: ".length)] : [])));
