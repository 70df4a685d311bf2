import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the house's colours; they know of light and dark themselves. */
export const EDITOR_THEME = EditorView.theme({
  "&": { height: "100%", color: "var(--fg)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "2px solid var(--ring)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono, var(--font-geist-mono), monospace)", lineHeight: "1.25rem", overflow: "auto" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--fg)" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-gutters": { backgroundColor: "var(--inset)", color: "var(--fg-subtle)", border: "none", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.75rem 0 0.5rem", minWidth: "2.75rem" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--fg) 4%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--fg)" },
  ".cm-cursor": { borderLeftColor: "var(--fg)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "light-dark(#c7cbff, #3b3b86)",
  },
  ".cm-placeholder": { color: "var(--fg-subtle)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--neutral-line)" },
});

/** The colours of the log's ANSI palette, all of which are readable on the inset ground. */
export const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: "var(--fg-subtle)" },
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: "var(--ansi-magenta)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--ansi-green)" },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: "var(--ansi-blue)" },
  { tag: [tags.standard(tags.name), tags.standard(tags.variableName), tags.typeName], color: "var(--ansi-cyan)" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.attributeName], color: "var(--ansi-blue)" },
  { tag: tags.invalid, color: "var(--danger-fg)" },
]);
