"use client";

import { Plus } from "lucide-react";
import { useSyncExternalStore } from "react";

import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { CodeBlock } from "#app/_components/ui/code-block.tsx";

const SAMPLE = `for step in 1 2 3; do
  echo "step $step of 3"
  sleep 1
done
echo "done on $(hostname)"`;

const curl = (origin: string) => `curl -s ${origin}/api/v1/runs \\
  -H "Authorization: Bearer $CORRAL_TOKEN" -H 'Content-Type: application/json' \\
  -d '{ "language": "bash", "source": "echo hello" }'`;

const never = () => () => undefined;

/** Where this is served from; a moment later than the page, which the server can't know it of. */
const useOrigin = () =>
  useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );

/** What the Overview shows before the first run: what to do, and what it looks like. */
export function NewInstall() {
  const origin = useOrigin();
  return (
    <Card title="Nothing has run yet" description="Submit a script: its output and its use of memory and CPU stream in while it runs.">
      <div className="grid gap-5 md:grid-cols-2">
        <section className="flex min-w-0 flex-col gap-2">
          <h3 className="text-sm font-medium">In the browser</h3>
          <CodeBlock code={SAMPLE} label="Sample script" lineNumbers />
          <div className="flex flex-wrap gap-2">
            <ButtonLink href="/runs/new?sample=first" variant="primary">
              Start from a sample
            </ButtonLink>
            <ButtonLink href="/runs/new">
              <Plus aria-hidden />
              Write your own
            </ButtonLink>
          </div>
        </section>
        <section className="flex min-w-0 flex-col gap-2">
          <h3 className="text-sm font-medium">From a program</h3>
          <CodeBlock code={curl(origin)} label="Submit with curl" />
          <p className="text-xs text-fg-subtle">
            <code className="font-mono">/api/v1/openapi.json</code> holds the whole contract.
          </p>
        </section>
      </div>
    </Card>
  );
}
