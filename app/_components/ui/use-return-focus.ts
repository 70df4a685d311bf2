"use client";

import { useRef } from "react";

/**
 * What a dialog that is opened by more than one thing needs to give the focus back to where it came from: Radix gives it to its own
 * trigger, and to nothing where there is none. Spread over the dialog's content.
 */
export function useReturnFocus(): { onOpenAutoFocus: (event: Event) => void; onCloseAutoFocus: (event: Event) => void } {
  const from = useRef<Element | null>(null);
  return {
    // Told before the dialog takes the focus.
    onOpenAutoFocus: () => {
      from.current = document.activeElement;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      if (from.current instanceof HTMLElement) from.current.focus();
    },
  };
}
