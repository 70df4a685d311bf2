import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

import { Badge } from "#app/_components/ui/badge.tsx";
import { CodeBlock } from "#app/_components/ui/code-block.tsx";
import type { Tone } from "#app/_components/ui/tone.ts";
import { resolve } from "#server/api/rest/openapi.ts";
import type { Answer, Document } from "#server/api/rest/openapi.ts";

import { curlExample } from "./curl-example.ts";
import { FieldTable, ParameterTable, TypeName } from "./field-table.tsx";
import type { Listed } from "./operations-by-tag.ts";
import { Paragraphs, Prose } from "./prose.tsx";
import { innerModel, typeText } from "./schema-rows.ts";

const METHOD_TONE: Record<string, Tone> = { GET: "info", POST: "success", PUT: "warning" };
const PARAMETERS = { path: "Path", query: "Query", header: "Headers" } as const;

/** One address and method: closed its line, open all there is to know. */
export function OperationCard({ document, ...listed }: Listed & { document: Document }) {
  const { method, path, operation } = listed;
  const body = operation.requestBody?.content["application/json"]?.schema;
  return (
    <details id={operation.operationId} className="group scroll-mt-16 rounded-lg border border-line bg-surface shadow-sm">
      <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 rounded-lg px-3 py-2 hover:bg-subtle [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 shrink-0 text-fg-subtle transition-transform duration-75 group-open:rotate-90" />
        <Badge tone={METHOD_TONE[method] ?? "neutral"} className="font-mono">
          {method}
        </Badge>
        <code className="min-w-0 font-mono text-xs break-all">{path}</code>
        <span className="min-w-0 text-sm text-fg-muted">{operation.summary}</span>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-4">
        <Paragraphs text={operation.description ?? ""} />
        {(["path", "query", "header"] as const).map((place) => {
          const parameters = operation.parameters?.filter((parameter) => parameter.in === place) ?? [];
          return (
            parameters.length > 0 && (
              <Part key={place} title={PARAMETERS[place]}>
                <ParameterTable parameters={parameters} label={`${PARAMETERS[place]} of ${operation.operationId}`} />
              </Part>
            )
          );
        })}
        {body !== undefined && (
          <Part title={operation.requestBody?.required === true ? "Body" : "Body, which may be left out"}>
            <FieldTable schema={resolve(document, body)} label={`Body of ${operation.operationId}`} mark="required" />
          </Part>
        )}
        <Part title="Example">
          <CodeBlock label={`${operation.operationId} with curl`} code={curlExample(listed)} />
        </Part>
        <Part title="Answers">
          <Answers document={document} answers={operation.responses} />
        </Part>
      </div>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1.5 text-xs font-semibold text-fg-muted">{title}</h3>
      {children}
    </div>
  );
}

function Answers({ document, answers }: { document: Document; answers: Record<string, Answer> }) {
  return (
    <dl className="divide-y divide-line rounded-md border border-line text-sm">
      {Object.entries(answers).map(([status, listed]) => {
        const answer = listed.$ref === undefined ? listed : (resolve(document, listed) as Answer);
        const schema = Object.values(answer.content ?? {})[0]?.schema;
        return (
          <div key={status} className="grid grid-cols-[3rem_minmax(0,1fr)] gap-x-3 px-3 py-1.5">
            <dt className={Number(status) < 400 ? "font-mono text-xs leading-5 text-success-fg" : "font-mono text-xs leading-5 text-fg-muted"}>{status}</dt>
            <dd className="min-w-0 text-fg-muted">
              <Prose text={answer.description ?? ""} />{" "}
              {Number(status) < 400 && schema !== undefined && (
                <span className="font-mono text-xs">
                  <TypeName type={typeText(schema)} model={innerModel(schema)} />
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
