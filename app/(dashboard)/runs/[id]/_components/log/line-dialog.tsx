"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";

import { describeError } from "#app/_components/describe-error.ts";
import { buttonClass } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { plainText } from "./ansi-segments.ts";
import { rawOutputUrl } from "./raw-output-url.ts";

/** A line that is too long for a row. */
export function LineDialog({ runId, attempt, line, onClose }: { runId: string; attempt: number; line: number; onClose: () => void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.line.queryOptions({ id: runId, attempt, line }));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Line ${line.toLocaleString("en-US")}`}
      {...(query.data?.complete === false ? { description: "Its start. The download has all of it." } : {})}
      footer={
        <a className={buttonClass({})} href={rawOutputUrl(runId, attempt)} download={`${runId}-${attempt}.log`}>
          <Download aria-hidden />
          Download log
        </a>
      }
    >
      {query.isError ? (
        <ErrorState title="The line could not be loaded" {...describeError(query.error)} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <pre
          role="region"
          aria-label={`Line ${line}`}
          tabIndex={0}
          dir="ltr"
          className="max-h-[50vh] overflow-auto rounded-md border border-line bg-inset px-3 py-2 font-mono text-xs leading-5 break-all whitespace-pre-wrap"
        >
          {plainText(query.data.text)}
        </pre>
      )}
    </Dialog>
  );
}
