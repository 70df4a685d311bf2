import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

const css = readFileSync(new URL("./globals.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;

const colours = new Map(
  [...css.matchAll(/^ {2}--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);$/gm)].map(([, name, light, dark]) => [
    name ?? "",
    { light: light ?? "", dark: dark ?? "" },
  ]),
);

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const BACKGROUNDS = ["canvas", "surface", "raised", "subtle", "inset"];
const TONES = ["neutral", "info", "success", "warning", "danger", "dead"];
const pairs = [
  ...[...colours.keys()].filter((name) => name.startsWith("ansi-")).map((text) => [text, "inset"] as const),
  ...["fg", "fg-muted", "fg-subtle", "accent-fg", ...TONES.map((tone) => `${tone}-fg`)].flatMap((text) => BACKGROUNDS.map((back) => [text, back] as const)),
  ...TONES.flatMap((tone) => ["fg", `${tone}-fg`].map((text) => [text, `${tone}-soft`] as const)),
  ["accent-fg", "accent-soft"] as const,
  ["fg", "accent-soft"] as const,
  ["fg-muted", "accent-soft"] as const,
  ["on-accent", "accent"] as const,
  ["on-accent", "accent-hover"] as const,
  ["on-danger", "danger-solid"] as const,
  ["on-danger", "danger-solid-hover"] as const,
];

test.each(THEMES.flatMap((theme) => pairs.map(([text, back]) => ({ theme, text, back }))))(
  "$text on $back is readable in the $theme theme",
  ({ theme, text, back }) => {
    const one = colours.get(text)?.[theme];
    const other = colours.get(back)?.[theme];
    expect(one, `--${text} is not a plain light-dark() pair`).toBeDefined();
    expect(other, `--${back} is not a plain light-dark() pair`).toBeDefined();
    expect(contrast(one ?? "", other ?? "")).toBeGreaterThanOrEqual(4.5);
  },
);
