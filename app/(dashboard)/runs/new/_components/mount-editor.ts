import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";

import { EDITOR_THEME, HIGHLIGHT } from "./editor-theme.ts";
import { loadMode } from "./editor-modes.ts";

type EditorStart = {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Where the cursor stood when the editor took the text area's place; null when it was elsewhere. */
  selection: { from: number; to: number } | null;
};

type EditorLook = { value: string; language: string; indent: number; placeholder: string; invalid: boolean; describedBy: string };

export type MountedEditor = { update: (look: EditorLook) => void; destroy: () => void };

/** Makes a CodeMirror editor in an element. Tab indents; after Escape it leads on, so that the keyboard is never caught (WCAG 2.1.2). */
export function mountEditor(parent: HTMLElement, { id, label, value, onChange, selection }: EditorStart): MountedEditor {
  const mode = new Compartment();
  const look = new Compartment();
  let shown: EditorLook | null = null;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: value,
      ...(selection === null ? {} : { selection: { anchor: selection.from, head: selection.to } }),
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        drawSelection(),
        history(),
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(HIGHLIGHT),
        EDITOR_THEME,
        keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("replace"))) onChange(update.state.doc.toString());
        }),
        mode.of([]),
        look.of([]),
      ],
    }),
  });
  if (selection !== null) view.focus();

  const setMode = async (language: string) => {
    const loaded = await loadMode(language);
    if (shown?.language === language) view.dispatch({ effects: mode.reconfigure(loaded) });
  };
  return {
    update(next) {
      const before = shown;
      shown = next;
      if (view.state.doc.toString() !== next.value) {
        // Not the person's own typing: it must not come back to the form as if it were.
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next.value }, userEvent: "replace" });
      }
      if (before?.language !== next.language) void setMode(next.language);
      if (before === null || !sameLook(before, next)) view.dispatch({ effects: look.reconfigure(lookOf(id, label, next)) });
    },
    destroy: () => view.destroy(),
  };
}

const sameLook = (one: EditorLook, other: EditorLook) =>
  one.indent === other.indent && one.placeholder === other.placeholder && one.invalid === other.invalid && one.describedBy === other.describedBy;

function lookOf(id: string, label: string, { indent, placeholder: words, invalid, describedBy }: EditorLook): Extension {
  return [
    indentUnit.of(" ".repeat(indent)),
    EditorState.tabSize.of(indent),
    placeholder(words),
    EditorView.contentAttributes.of({
      id,
      "aria-label": label,
      "aria-describedby": describedBy,
      "aria-required": "true",
      ...(invalid ? { "aria-invalid": "true" } : {}),
    }),
  ];
}
