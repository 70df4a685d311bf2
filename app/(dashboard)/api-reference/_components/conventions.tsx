import Link from "next/link";

import { Card } from "#app/_components/ui/card.tsx";
import { CodeBlock } from "#app/_components/ui/code-block.tsx";

const FIRST = `curl -fsS "$CORRAL_URL/api/v1/execute" \\
  -H "Authorization: Bearer $CORRAL_TOKEN" \\
  -H 'Content-Type: application/json' \\
  --data '{ "language": "bash", "source": "echo hello" }'`;

const LIST = "flex max-w-3xl list-disc flex-col gap-1 pl-4 text-fg-muted marker:text-fg-subtle [&_code]:font-mono [&_code]:text-xs [&_code]:text-fg";

/** What holds for every request. */
export function Conventions() {
  return (
    <section aria-labelledby="conventions">
      <h2 id="conventions" className="mb-3 scroll-mt-16 text-base font-semibold">
        Conventions
      </h2>
      <Card>
        <div className="flex flex-col gap-4">
          <CodeBlock label="First request" code={FIRST} />
          <ul className={LIST}>
            <li>
              Every request carries <code>Authorization: Bearer &lt;token&gt;</code>, never a token in the address. What a token may is its role: viewer,
              operator or administrator.
            </li>
            <li>Ids are opaque, times are ISO 8601 in UTC, sizes and times carry their unit in their name.</li>
            <li>
              Lists are <code>{"{ items, nextCursor }"}</code>: send <code>nextCursor</code> as <code>cursor</code> for the next page.
            </li>
            <li>An unknown field, parameter or path is refused, with the likely one. Bodies are JSON in UTF-8, at most 16 MiB.</li>
            <li>
              Errors are <code>application/problem+json</code> (RFC 9457) with a stable <code>type</code>, the field and the remedy; see{" "}
              <a href="#model-Problem" className="text-accent-fg underline underline-offset-2">
                Problem
              </a>
              .
            </li>
            <li>
              Every answer carries <code>Corral-Request-Id</code>, which finds the request in the log.
            </li>
          </ul>
          <p className="text-fg-muted">
            This page is made from{" "}
            <Link href="/api/v1/openapi.json" prefetch={false} className="text-accent-fg underline underline-offset-2">
              the OpenAPI 3.1 document
            </Link>
            , from which clients can be generated; <code className="font-mono text-xs text-fg">clients/typescript</code> is the one for TypeScript.
          </p>
        </div>
      </Card>
    </section>
  );
}
