/** JSON Schema as far as the document uses it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};

export type Parameter = { name: string; in: "path" | "query" | "header"; required?: boolean; schema: Schema; explode?: boolean };
export type Answer = { $ref?: string; headers?: Record<string, { required?: boolean; schema: Schema }>; content?: Record<string, { schema: Schema }> };
export type Operation = {
  operationId: string;
  "x-corral-role"?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, Answer>;
};

/** The schema that a reference names. @throws when the document has none there */
export function resolve(root: unknown, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = schema.$ref
    .slice(2)
    .split("/")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], root);
  if (found === undefined) throw new Error(`The document has no ${schema.$ref}.`);
  return resolve(root, found as Schema);
}

/** A copy of the document in which every described object is all that there is: an answer with a field that is not documented fits it no more. */
export function sealed<T>(part: T): T {
  if (Array.isArray(part)) return part.map((entry: unknown) => sealed(entry)) as T;
  if (typeof part !== "object" || part === null) return part;
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, sealed(value as unknown)]));
  const isObjectSchema = copy["type"] === "object" && typeof copy["properties"] === "object" && copy["additionalProperties"] === undefined;
  return (isObjectSchema ? { ...copy, additionalProperties: false } : copy) as T;
}
