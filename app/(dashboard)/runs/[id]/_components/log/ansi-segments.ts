import Anser from "anser";

import { harmless, withoutOtherEscapes } from "./harmless-text.ts";

/** A stretch of text in one style; never markup, so that output can't become part of the page. */
export type Segment = {
  text: string;
  color: string | null;
  background: string | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strikethrough: boolean;
};

const STEPS = [0, 95, 135, 175, 215, 255] as const;

/** One of xterm's 256 colours; the first sixteen are the theme's own. */
function paletteColour(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const cube = index - 16;
  return `rgb(${STEPS[Math.floor(cube / 36)] ?? 0}, ${STEPS[Math.floor(cube / 6) % 6] ?? 0}, ${STEPS[cube % 6] ?? 0})`;
}

/** Anser's class name for a colour, as a CSS colour. */
function cssColour(name: string | null, truecolor: string | null): string | null {
  if (!name) return null;
  if (name === "ansi-truecolor") return truecolor ? `rgb(${truecolor})` : null;
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  return palette === undefined ? `var(--${name})` : paletteColour(Number(palette));
}

/** A line of output as styled stretches of harmless text. `style` holds the colours that were in force before it. */
export function segmentsOf(style: string, text: string): Segment[] {
  const shown = withoutOtherEscapes(text.endsWith("\r") ? text.slice(0, -1) : text);
  if (style === "" && !shown.includes("\u001b")) {
    return shown === ""
      ? []
      : [{ text: harmless(shown), color: null, background: null, bold: false, dim: false, italic: false, underline: false, strikethrough: false }];
  }
  return Anser.ansiToJson(style + shown, { json: true, remove_empty: true, use_classes: true }).map((entry) => {
    const background = cssColour(entry.bg, entry.bg_truecolor);
    return {
      text: harmless(entry.content),
      color: cssColour(entry.fg, entry.fg_truecolor),
      // Mixed with what lies beneath, so that any text colour stays readable on it.
      background: background && `color-mix(in srgb, ${background} 28%, transparent)`,
      bold: entry.decorations.includes("bold"),
      dim: entry.decorations.includes("dim"),
      italic: entry.decorations.includes("italic"),
      underline: entry.decorations.includes("underline"),
      strikethrough: entry.decorations.includes("strikethrough"),
    };
  });
}

/** The line's text alone. */
export function plainText(text: string): string {
  return harmless(withoutOtherEscapes(text.endsWith("\r") ? text.slice(0, -1) : text).replaceAll(/\u001b\[[0-9;:]*m/g, ""));
}
