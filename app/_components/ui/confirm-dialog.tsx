"use client";

import * as RadixAlertDialog from "radix-ui/alert-dialog";
import { useId, useState } from "react";
import type { ReactNode } from "react";

import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { DIALOG_CLASS, OVERLAY_CLASS } from "./dialog.tsx";
import { Label } from "./field.tsx";
import { Input } from "./input.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will happen, to how many, and whether it can be undone. */
  description: ReactNode;
  confirmLabel: string;
  onConfirm: () => void;
  danger?: boolean;
  busy?: boolean;
  /** Something in `children` can't be used yet. */
  disabled?: boolean;
  /** Must be typed before the deed can be done; for what hurts at scale. */
  typeToConfirm?: string;
  children?: ReactNode;
};

/** Asks before a deed. The caller closes it (`onOpenChange(false)`) when the deed is done. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  onConfirm,
  danger = false,
  busy = false,
  disabled = false,
  typeToConfirm,
  children,
}: ConfirmDialogProps) {
  const inputId = useId();
  const [typed, setTyped] = useState("");
  const change = (next: boolean) => {
    if (!next) setTyped("");
    onOpenChange(next);
  };
  const returnFocus = useReturnFocus();
  return (
    <RadixAlertDialog.Root open={open} onOpenChange={change}>
      <RadixAlertDialog.Portal>
        <RadixAlertDialog.Overlay className={OVERLAY_CLASS} />
        <RadixAlertDialog.Content {...returnFocus} className={cx(DIALOG_CLASS, "max-w-md")}>
          <div className="flex flex-col gap-3 overflow-y-auto p-5">
            <RadixAlertDialog.Title className="text-lg font-semibold">{title}</RadixAlertDialog.Title>
            <RadixAlertDialog.Description asChild>
              <div className="text-fg-muted">{description}</div>
            </RadixAlertDialog.Description>
            {children}
            {typeToConfirm !== undefined && (
              <div className="flex flex-col gap-1.5">
                <Label htmlFor={inputId}>Type “{typeToConfirm}” to confirm</Label>
                <Input id={inputId} value={typed} onChange={(event) => setTyped(event.target.value)} />
              </div>
            )}
          </div>
          <footer className="flex flex-wrap justify-end gap-2 border-t border-line bg-inset px-5 py-3">
            <RadixAlertDialog.Cancel asChild>
              <Button>Keep as it is</Button>
            </RadixAlertDialog.Cancel>
            <Button
              variant={danger ? "danger" : "primary"}
              busy={busy}
              disabled={disabled || (typeToConfirm !== undefined && typed !== typeToConfirm)}
              onClick={onConfirm}
            >
              {confirmLabel}
            </Button>
          </footer>
        </RadixAlertDialog.Content>
      </RadixAlertDialog.Portal>
    </RadixAlertDialog.Root>
  );
}
