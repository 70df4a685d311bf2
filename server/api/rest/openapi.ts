/** JSON Schema as far as the document uses it. */
export type Schema = {
  description?: string;
  default?: unknown;
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
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

export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
  explode?: boolean;
  style?: string;
};
export type Answer = {
  $ref?: string;
  description?: string;
  headers?: Record<string, { required?: boolean; description?: string; schema: Schema }>;
  content?: Record<string, { schema: Schema }>;
};
export type Operation = {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  security?: unknown[];
  "x-corral-role"?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema; examples?: Record<string, { summary?: string; value: unknown }> }> };
  responses: Record<string, Answer>;
};

/** The OpenAPI document as it is made here. */
export type Document = {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> };
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
