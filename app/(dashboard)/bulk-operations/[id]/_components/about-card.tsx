import { momentText } from "#app/(dashboard)/dead-letters/_components/bulk-text.ts";
import { Card } from "#app/_components/ui/card.tsx";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";

import { changeWords, selectionWords } from "../../_components/operation-words.ts";

/** Over what it was started, by whom, and what it changes. */
export function AboutCard({ operation }: { operation: BulkOperation }) {
  const changes = changeWords(operation);
  const { kind, selection, asOf, createdBy, ratePerMinute } = operation;
  return (
    <Card title="What it is over">
      <dl className="flex flex-col gap-3">
        <Entry name="Selection">{selectionWords(selection)}</Entry>
        <Entry name="As of">{momentText(asOf)}; who died later is not in it</Entry>
        <Entry name="Started by">{createdBy}</Entry>
        {kind === "retry" && (
          <>
            <Entry name="Pace">{ratePerMinute === null ? "As fast as it goes" : `At most ${ratePerMinute.toLocaleString("en-US")} a minute`}</Entry>
            <Entry name="Changes to each run">
              {changes.length === 0 ? (
                "None: each keeps its limits and its retry policy"
              ) : (
                <ul className="flex flex-col gap-0.5">
                  {changes.map(({ name, value }) => (
                    <li key={name}>
                      <span className="text-fg-muted">{name}:</span> {value}
                    </li>
                  ))}
                </ul>
              )}
            </Entry>
          </>
        )}
      </dl>
    </Card>
  );
}

function Entry({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-fg-subtle">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
