"use client";

import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import type { IssuedLink, LinkPurpose } from "#server/contracts/access.ts";

import { ShownOnce } from "./shown-once.tsx";

export type ShownLink = IssuedLink & { name: string; purpose: LinkPurpose };

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A link to hand over, shown this once. */
export function LinkDialog({ link, onClose }: { link: ShownLink | null; onClose: () => void }) {
  return (
    <Dialog
      open={link !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={link?.purpose === "reset" ? `Reset link for ${link.name}` : `Invitation for ${link?.name ?? ""}`}
      description={
        link?.purpose === "reset"
          ? "With it they choose a new password. Until then the old one holds; then all their sessions end."
          : "With it they choose a name and a password, and are in."
      }
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {link !== null && (
        <ShownOnce label="Link" value={link.url}>
          {`Give it to them in a way that nobody else reads. It works once, until ${WHEN.format(new Date(link.expiresAt))}.`}
        </ShownOnce>
      )}
    </Dialog>
  );
}
