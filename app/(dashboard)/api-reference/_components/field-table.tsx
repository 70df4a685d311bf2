import { Prose } from "./prose.tsx";
import { detailText, innerModel, schemaRows, typeText } from "./schema-rows.ts";
import type { SchemaRow } from "./schema-rows.ts";
import type { Parameter, Schema } from "#server/api/rest/openapi.ts";

/** A type, with the way to its model. */
export function TypeName({ type, model }: { type: string; model: string | null }) {
  if (model === null) return <>{type}</>;
  return (
    <a href={`#model-${model}`} className="text-accent-fg underline underline-offset-2">
      {type}
    </a>
  );
}

/** What is said of a field: that a request needs it, or that an answer may lack it. */
type Mark = "required" | "optional";

function Rows({ rows, label, mark }: { rows: SchemaRow[]; label: string; mark: Mark }) {
  return (
    <dl aria-label={label} className="divide-y divide-line rounded-md border border-line text-sm">
      {rows.map(({ name, type, model, isRequired, text }) => (
        <div key={name} className="grid gap-x-4 gap-y-0.5 px-3 py-1.5 md:grid-cols-[minmax(0,16rem)_minmax(0,1fr)]">
          <dt className="min-w-0 font-mono text-xs leading-5 break-words">
            {name}
            {isRequired === (mark === "required") && (
              <span className={mark === "required" ? "ml-1.5 font-sans text-2xs text-warning-fg" : "ml-1.5 font-sans text-2xs text-fg-subtle"}>{mark}</span>
            )}
          </dt>
          <dd className="min-w-0 text-fg-muted">
            <span className="mr-2 font-mono text-xs">
              <TypeName type={type} model={model} />
            </span>
            <Prose text={text} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** An object's fields. */
export const FieldTable = ({ schema, label, mark }: { schema: Schema; label: string; mark: Mark }) => (
  <Rows rows={schemaRows(schema)} label={label} mark={mark} />
);

/** Parameters of a path, a query or the headers. */
export function ParameterTable({ parameters, label }: { parameters: Parameter[]; label: string }) {
  const rows = parameters.map(({ name, required, description, schema }) => ({
    name,
    type: typeText(schema),
    model: innerModel(schema),
    isRequired: required === true,
    text: detailText({ ...schema, ...(description === undefined ? {} : { description }) }),
  }));
  return <Rows rows={rows} label={label} mark="required" />;
}
