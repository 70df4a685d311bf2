import type { Metadata } from "next";

import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { readDocument } from "#server/api/rest-handler.ts";

import { Conventions } from "./_components/conventions.tsx";
import { ModelCard } from "./_components/model-card.tsx";
import { operationsByTag } from "./_components/operations-by-tag.ts";
import { OperationCard } from "./_components/operation-card.tsx";
import { ReferenceNav } from "./_components/reference-nav.tsx";

export const metadata: Metadata = { title: "API reference" };

/** The HTTP API as its own OpenAPI document tells it. Plain HTML: it reads well without a script. */
export default function ApiReferencePage() {
  const document = readDocument();
  const parts = operationsByTag(document);
  const models = Object.entries(document.components.schemas).toSorted(([a], [b]) => a.localeCompare(b));
  return (
    <>
      <PageHeader title="API reference" description="Everything the dashboard does, a program can do over HTTP with a token." />
      <div className="gap-8 xl:grid xl:grid-cols-[12rem_minmax(0,1fr)]">
        <ReferenceNav parts={parts} />
        <div className="flex min-w-0 flex-col gap-8">
          <Conventions />
          {parts.map(({ tag, description, operations }) => (
            <section key={tag} aria-labelledby={slug(tag)}>
              <h2 id={slug(tag)} className="scroll-mt-16 text-base font-semibold">
                {tag}
              </h2>
              <p className="mb-3 max-w-2xl text-fg-muted">{description}</p>
              <div className="flex flex-col gap-2">
                {operations.map((listed) => (
                  <OperationCard key={listed.operation.operationId} document={document} {...listed} />
                ))}
              </div>
            </section>
          ))}
          <section aria-labelledby="models">
            <h2 id="models" className="scroll-mt-16 text-base font-semibold">
              Models
            </h2>
            <p className="mb-3 max-w-2xl text-fg-muted">What bodies and answers are made of.</p>
            <div className="flex flex-col gap-2">
              {models.map(([name, schema]) => (
                <ModelCard key={name} name={name} schema={schema} />
              ))}
            </div>
          </section>
        </div>
      </div>
    </>
  );
}

const slug = (tag: string) => tag.toLowerCase().replaceAll(" ", "-");
