"use client";

import { useQuery } from "@tanstack/react-query";
import { LockKeyhole } from "lucide-react";

import { describeError } from "#app/_components/describe-error.ts";
import { Badge } from "#app/_components/ui/badge.tsx";
import { CodeBlock } from "#app/_components/ui/code-block.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

/** The script as it was submitted, with what it was given. Environment values may be secrets that nobody marked: only names are shown. */
export function ScriptTab({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const run = useQuery(trpc.runs.get.queryOptions({ id: runId, include: ["source"] }));
  if (run.isError && run.data === undefined)
    return <ErrorState title="The script could not be loaded" {...describeError(run.error)} onRetry={() => void run.refetch()} />;
  if (run.data === undefined)
    return (
      <div className="p-4">
        <Skeleton className="h-72 w-full" />
      </div>
    );
  const { source, args, env, secretEnv = [], stdin, language } = run.data;
  const names = Object.keys(env ?? {});
  return (
    <div className="flex flex-col gap-5 p-4">
      <Part title="Source" aside={<Badge>{language}</Badge>}>
        <CodeBlock label="Source" code={source ?? ""} lineNumbers />
      </Part>
      <Part title="Arguments">
        {args.length === 0 ? <None>No arguments.</None> : <CodeBlock label="Arguments" code={args.map((arg) => JSON.stringify(arg)).join("\n")} />}
      </Part>
      <Part title="Environment">
        {names.length === 0 ? (
          <None>No variables of its own.</None>
        ) : (
          <ul aria-label="Environment variables" className="flex flex-wrap gap-1.5">
            {names.map((name) => (
              <li key={name}>
                <Badge className="font-mono">
                  {secretEnv.includes(name) && <LockKeyhole aria-label="Secret" />}
                  {name}
                </Badge>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title="Standard input">{stdin ? <CodeBlock label="Standard input" code={stdin} /> : <None>Empty.</None>}</Part>
    </div>
  );
}

function Part({ title, aside, children }: { title: string; aside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="flex items-center gap-2 text-sm font-medium">
        {title}
        {aside}
      </h3>
      {children}
    </section>
  );
}

function None({ children }: { children: React.ReactNode }) {
  return <p className="text-fg-subtle">{children}</p>;
}
