import { CloudAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";

type ErrorStateProps = {
  /** What could not be done: "The runs could not be loaded". */
  title: string;
  /** The server's sentence, where it gave one. */
  message?: string | undefined;
  onRetry?: (() => void) | undefined;
  retrying?: boolean;
  /** To find the request again in the server's log. */
  requestId?: string | undefined;
  actions?: ReactNode;
};

/** Something could not be loaded: says so, offers to try again, and gives the id to report it with. */
export function ErrorState({ title, message, onRetry, retrying = false, requestId, actions }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span aria-hidden className="mb-1 flex size-10 items-center justify-center rounded-lg border border-danger-line bg-danger-soft text-danger-fg">
        <CloudAlert className="size-5" />
      </span>
      <p className="text-base font-medium">{title}</p>
      {message && <p className="max-w-md text-fg-muted">{message}</p>}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {onRetry && (
          <Button onClick={onRetry} busy={retrying}>
            {!retrying && <RotateCw aria-hidden />}
            Retry
          </Button>
        )}
        {actions}
      </div>
      {requestId && (
        <p className="mt-1 flex items-center gap-1 text-xs text-fg-subtle">
          Request <code className="font-mono">{requestId}</code>
          <CopyButton value={requestId} label="Copy request id" />
        </p>
      )}
    </div>
  );
}
