import { ChevronRight } from "lucide-react";

import type { Schema } from "#server/api/rest/openapi.ts";

import { FieldTable, TypeName } from "./field-table.tsx";
import { innerModel, typeText } from "./schema-rows.ts";

/** A named schema with its fields; one of several forms with each. */
export function ModelCard({ name, schema }: { name: string; schema: Schema }) {
  const forms = schema.oneOf ?? schema.anyOf;
  return (
    <details id={`model-${name}`} className="group scroll-mt-16 rounded-lg border border-line bg-surface shadow-sm">
      <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-3 rounded-lg px-3 py-2 hover:bg-subtle [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 shrink-0 text-fg-subtle transition-transform duration-75 group-open:rotate-90" />
        <span className="font-mono text-sm">{name}</span>
        <span className="text-sm text-fg-muted">{schema.description}</span>
      </summary>
      <div className="flex flex-col gap-3 border-t border-line p-4">
        {forms === undefined ? (
          <FieldTable schema={schema} label={`Fields of ${name}`} mark="optional" />
        ) : (
          forms.map((form, index) =>
            form.properties === undefined ? (
              <p key={index} className="font-mono text-xs">
                <TypeName type={typeText(form)} model={innerModel(form)} />
              </p>
            ) : (
              <FieldTable key={index} schema={form} label={`Fields of ${name}, form ${index + 1}`} mark="optional" />
            ),
          )
        )}
      </div>
    </details>
  );
}
