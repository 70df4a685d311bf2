"use client";

import { Toaster as Sonner } from "sonner";

/** Where toasts appear; call `toast.success(…)`, `toast.error(…)` of "sonner" anywhere in browser code. */
export function Toaster() {
  return (
    <Sonner
      className="font-sans!"
      position="bottom-right"
      visibleToasts={4}
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[min(22rem,calc(100vw-2rem))] items-start gap-2.5 rounded-lg border border-line bg-raised p-3 text-sm text-fg shadow-lg data-[type=error]:border-danger-line",
          icon: "mt-0.5 size-4 shrink-0 [[data-type=error]_&]:text-danger-fg [[data-type=success]_&]:text-success-fg",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "text-fg-muted",
          actionButton: "h-7 shrink-0 rounded-sm border border-line-strong px-2 text-xs font-medium hover:bg-subtle",
        },
      }}
    />
  );
}
