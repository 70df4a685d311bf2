import { StreamLanguage } from "@codemirror/language";
import type { StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** Each language's colours, loaded when it is chosen. Small stream parsers do for scripts of this size, and weigh a tenth of full grammars. */
const MODES: Record<string, () => Promise<StreamParser<unknown>>> = {
  bash: async () => (await import("@codemirror/legacy-modes/mode/shell")).shell,
  sh: async () => (await import("@codemirror/legacy-modes/mode/shell")).shell,
  python: async () => (await import("@codemirror/legacy-modes/mode/python")).python,
  node: async () => (await import("@codemirror/legacy-modes/mode/javascript")).javascript,
  perl: async () => (await import("@codemirror/legacy-modes/mode/perl")).perl,
  ruby: async () => (await import("@codemirror/legacy-modes/mode/ruby")).ruby,
  lua: async () => (await import("@codemirror/legacy-modes/mode/lua")).lua,
};

/** How a language is coloured and indented; nothing for one that is not known, or can't be loaded now. */
export async function loadMode(language: string): Promise<Extension> {
  try {
    const parser = await MODES[language]?.();
    return parser === undefined ? [] : StreamLanguage.define(parser);
  } catch {
    // Colours are an extra: the script can be written without.
    return [];
  }
}
