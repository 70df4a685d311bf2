"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

import { IconButton } from "./button.tsx";
import { copyText } from "./copy-text.ts";
import { Tooltip } from "./tooltip.tsx";

/** Copies `value`; says so in its tooltip and to screen readers. */
export function CopyButton({ value, label = "Copy" }: { value: string; label?: string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const said = state === "copied" ? "Copied" : state === "refused" ? "The browser refused to copy" : label;
  return (
    <Tooltip content={said}>
      <IconButton label={label} size="sm" className="size-6!" onClick={() => void copyText(value).then((done) => setState(done ? "copied" : "refused"))}>
        {state === "copied" ? <Check aria-hidden className="size-3.5! text-success-fg" /> : <Copy aria-hidden className="size-3.5!" />}
        <span role="status" className="sr-only">
          {state === "idle" ? "" : said}
        </span>
      </IconButton>
    </Tooltip>
  );
}
