"use client";

import { useRef } from "react";
import type { KeyboardEvent } from "react";

import { cx } from "#app/_components/ui/cx.ts";

import { dedentEdit, indentEdit, newlineEdit } from "./edit-text.ts";
import type { TextEdit } from "./edit-text.ts";

type CodeEditorProps = {
  id: string;
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder: string;
  /** Spaces an indent is wide. */
  indent: number;
  invalid: boolean;
  describedBy: string;
};

/** A place to write code: line numbers, indents by Tab, and a way out by Escape and then Tab. */
export function CodeEditor({ id, value, onChange, label, placeholder, indent, invalid, describedBy }: CodeEditorProps) {
  const numbers = useRef<HTMLPreElement>(null);
  const leaving = useRef(false);
  const lines = value.split("\n").length;

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const area = event.currentTarget;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.nativeEvent.isComposing;
    if (event.key === "Escape") {
      leaving.current = true;
      return;
    }
    if (event.key === "Tab" && plain && !leaving.current) {
      event.preventDefault();
      const edit = event.shiftKey ? dedentEdit : indentEdit;
      type(area, edit(area.value, area.selectionStart, area.selectionEnd, indent));
    } else if (event.key === "Enter" && plain && !event.shiftKey) {
      event.preventDefault();
      type(area, newlineEdit(area.value, area.selectionStart, area.selectionEnd, indent));
    }
    if (event.key !== "Shift") leaving.current = false;
  };

  return (
    <div
      className={cx(
        "flex h-[24rem] min-h-48 xl:h-[32rem] resize-y overflow-hidden bg-inset font-mono text-xs leading-5",
        invalid && "shadow-[inset_0_0_0_1px_var(--danger-mark)]",
      )}
    >
      <div aria-hidden className="shrink-0 overflow-hidden border-r border-line px-3 py-3 text-right text-fg-subtle select-none">
        <pre ref={numbers} className="min-w-6 font-mono">
          {Array.from({ length: lines }, (_, index) => index + 1).join("\n")}
        </pre>
      </div>
      <textarea
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
        onKeyDown={press}
        onBlur={() => {
          leaving.current = false;
        }}
        onScroll={(event) => {
          if (numbers.current) numbers.current.style.transform = `translateY(${-event.currentTarget.scrollTop}px)`;
        }}
        className="min-w-0 flex-1 resize-none overflow-auto bg-transparent px-3 py-3 whitespace-pre text-fg placeholder:text-fg-subtle focus-visible:outline-offset-[-2px]"
      />
    </div>
  );
}

/** Makes an edit as if it were typed, so that the browser's own undo knows it. */
function type(area: HTMLTextAreaElement, edit: TextEdit): void {
  area.setSelectionRange(edit.from, edit.to);
  const typed = edit.insert === "" ? edit.from === edit.to || document.execCommand("delete") : document.execCommand("insertText", false, edit.insert);
  if (!typed) {
    area.setRangeText(edit.insert, edit.from, edit.to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(edit.selectFrom, edit.selectTo);
}
