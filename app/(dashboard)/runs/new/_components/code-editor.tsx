"use client";

import { useEffect, useRef, useState } from "react";

import { cx } from "#app/_components/ui/cx.ts";

import type { MountedEditor } from "./mount-editor.ts";

type CodeEditorProps = {
  id: string;
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder: string;
  language: string;
  /** Spaces an indent is wide. */
  indent: number;
  invalid: boolean;
  describedBy: string;
};

/**
 * A place to write code. CodeMirror comes after the page; until then, and where it can't be loaded, a plain text area does: what is typed
 * and where the cursor stands carries over.
 */
export function CodeEditor({ id, value, onChange, label, placeholder, language, indent, invalid, describedBy }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<MountedEditor | null>(null);
  const [isMounted, setIsMounted] = useState(false);
  const latest = useRef({ value, onChange });
  useEffect(() => {
    latest.current = { value, onChange };
  });

  useEffect(() => {
    let left = false;
    const say = (next: string) => latest.current.onChange(next);
    void import("./mount-editor.ts").then(
      ({ mountEditor }) => {
        if (left || host.current === null) return;
        const text = area.current;
        editor.current = mountEditor(host.current, {
          id,
          label,
          value: latest.current.value,
          onChange: say,
          selection: text !== null && text === document.activeElement ? { from: text.selectionStart, to: text.selectionEnd } : null,
        });
        setIsMounted(true);
      },
      // Offline, or an old page after an upgrade: the text area stays.
      () => undefined,
    );
    return () => {
      left = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, [id, label]);

  useEffect(() => {
    editor.current?.update({ value, language, indent, placeholder, invalid, describedBy });
  }, [isMounted, value, language, indent, placeholder, invalid, describedBy]);

  return (
    <div
      className={cx(
        "relative h-[24rem] min-h-48 resize-y overflow-hidden bg-inset font-mono text-xs leading-5 xl:h-[32rem]",
        invalid && "shadow-[inset_0_0_0_1px_var(--danger-mark)]",
      )}
    >
      <div ref={host} className="h-full" />
      {!isMounted && (
        <textarea
          ref={area}
          id={id}
          aria-label={label}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          aria-required
          value={value}
          placeholder={placeholder}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onChange={(event) => onChange(event.target.value)}
          className="absolute inset-0 size-full resize-none overflow-auto bg-transparent py-3 pr-3 pl-14 whitespace-pre text-fg placeholder:text-fg-subtle focus-visible:outline-offset-[-2px]"
        />
      )}
    </div>
  );
}
