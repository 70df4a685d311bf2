"use client";

import { Slot } from "radix-ui/slot";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { PointerEvent, ReactNode } from "react";

import { placeBeside } from "./place-beside.ts";
import type { Side } from "./place-beside.ts";

const DELAY_MS = 250;
/** Long enough to move the pointer onto the words. */
const LEAVE_MS = 120;
/** Tooltips that follow each other so soon open without a wait. */
const SKIP_DELAY_MS = 400;
let closedAt = Number.NEGATIVE_INFINITY;

/**
 * Words on hover and on focus, which Escape takes away and the pointer may rest on (WCAG 1.4.13). `children` must be one focusable
 * element. Own, over the browser's popovers: a positioning library was a tenth of what every page loads.
 */
export function Tooltip({ content, children, side = "top" }: { content: ReactNode; children: ReactNode; side?: Side }) {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const open = (element: HTMLElement, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(element), performance.now() - closedAt < SKIP_DELAY_MS ? 0 : delay);
  };
  const close = useCallback((delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setAnchor((old) => {
        if (old !== null) closedAt = performance.now();
        return null;
      });
    }, delay);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const byMouse = (event: PointerEvent) => event.pointerType === "mouse";
  return (
    <>
      <Slot
        {...(anchor === null ? {} : { "aria-describedby": id })}
        onPointerEnter={(event: PointerEvent<HTMLElement>) => byMouse(event) && open(event.currentTarget, DELAY_MS)}
        onPointerLeave={(event: PointerEvent<HTMLElement>) => byMouse(event) && close(LEAVE_MS)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && open(event.currentTarget, 0)}
        onBlur={() => close(0)}
      >
        {children}
      </Slot>
      {anchor !== null && (
        <Words id={id} anchor={anchor} side={side} onClose={() => close(0)} onEnter={() => clearTimeout(timer.current)} onLeave={() => close(LEAVE_MS)}>
          {content}
        </Words>
      )}
    </>
  );
}

type WordsProps = { id: string; anchor: HTMLElement; side: Side; onClose: () => void; onEnter: () => void; onLeave: () => void; children: ReactNode };

/** In the browser's top layer, so that nothing cuts it off. */
function Words({ id, anchor, side, onClose, onEnter, onLeave, children }: WordsProps) {
  const box = useRef<HTMLSpanElement>(null);
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useLayoutEffect(() => {
    if (box.current === null) return;
    if (!box.current.matches(":popover-open")) box.current.showPopover();
    placeBeside(box.current, anchor, side);
  });
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") latest.current();
    };
    const scrolled = () => latest.current();
    document.addEventListener("keydown", leave);
    window.addEventListener("scroll", scrolled, { capture: true, passive: true });
    return () => {
      document.removeEventListener("keydown", leave);
      window.removeEventListener("scroll", scrolled, { capture: true });
    };
  }, []);
  return (
    <span
      ref={box}
      id={id}
      role="tooltip"
      popover="manual"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed m-0 w-max max-w-72 animate-fade rounded-md border border-line bg-raised px-2 py-1.5 text-left font-sans text-xs font-normal whitespace-normal text-fg shadow-lg"
    >
      {children}
    </span>
  );
}
