import type { Schema } from "#server/api/rest/openapi.ts";

/** A field as a table shows it. `model` is the name of the model that it is, or is a list of. */
export type SchemaRow = { name: string; type: string; model: string | null; isRequired: boolean; text: string };

const modelOf = ({ $ref }: Schema): string | null => $ref?.split("/").at(-1) ?? null;

/** The model that a schema is, wherever in it it stands. */
export function innerModel(schema: Schema): string | null {
  const inner = [schema, schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  for (const part of inner) {
    const model = part === undefined ? null : (modelOf(part) ?? (part === schema ? null : innerModel(part)));
    if (model !== null) return model;
  }
  return null;
}

/** A schema's type in a few words: `string`, `list of integer`, `Limits or null`. */
export function typeText(schema: Schema): string {
  const model = modelOf(schema);
  if (model !== null) return model;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (branches !== undefined) return [...new Set(branches.map(typeText))].join(" or ");
  const types = [schema.type ?? "any"].flat();
  return types
    .map((type) => (type === "array" ? `list of ${typeText(schema.items ?? {})}` : type === "string" && schema.format === "date-time" ? "time" : type))
    .join(" or ");
}

/** What else there is to know: description, choices, bounds, default. */
export function detailText({
  description,
  enum: choices,
  minimum,
  exclusiveMinimum,
  maximum,
  maxLength,
  minItems,
  maxItems,
  default: preset,
  items,
}: Schema): string {
  const listed = choices ?? items?.enum;
  const low = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return [
    description,
    listed === undefined ? undefined : `One of ${listed.filter((choice) => typeof choice === "string").join(", ")}`,
    low === undefined && high === undefined
      ? undefined
      : low !== undefined && high !== undefined
        ? `${low} to ${high}`
        : low === undefined
          ? `At most ${high}`
          : `At least ${low}`,
    maxLength === undefined ? undefined : `At most ${maxLength} characters`,
    minItems === undefined && maxItems === undefined
      ? undefined
      : maxItems === undefined
        ? `At least ${minItems} entries`
        : `At most ${maxItems.toLocaleString("en-US")} entries`,
    preset === undefined || (Array.isArray(preset) && preset.length === 0) ? undefined : `Default ${JSON.stringify(preset)}`,
  ]
    .filter((part) => part !== undefined)
    .join(". ");
}

/** Each field of an object, those of objects within it by their path (`usage.wallMs`); named models are not opened. */
export function schemaRows(schema: Schema, prefix = ""): SchemaRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const row = {
      name,
      type: typeText(property),
      model: innerModel(property),
      isRequired: schema.required?.includes(key) === true,
      text: detailText(property),
    };
    const inner = property.properties ?? property.items?.properties;
    return inner === undefined
      ? [row]
      : [row, ...schemaRows(property.properties === undefined ? (property.items ?? {}) : property, `${name}${property.items === undefined ? "." : "[]."}`)];
  });
}
