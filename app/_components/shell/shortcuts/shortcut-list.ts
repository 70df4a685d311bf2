/** A shortcut as the sheet shows it: keys pressed together or one after the other, and what they do. */
export type ShortcutLine = { keys: string[]; inTurn?: boolean; does: string };

/** Where `g` and a letter lead. */
export const CHORDS: Record<string, { href: string; label: string }> = {
  o: { href: "/", label: "Overview" },
  r: { href: "/runs", label: "Runs" },
  n: { href: "/runs/new", label: "New run" },
  d: { href: "/dead-letters", label: "Dead letters" },
  w: { href: "/workers", label: "Workers" },
  s: { href: "/settings", label: "Settings" },
};

/** Every shortcut, by where it works. */
export const SHORTCUTS: { title: string; lines: ShortcutLine[] }[] = [
  {
    title: "Everywhere",
    lines: [
      { keys: ["Ctrl", "K"], does: "Search and commands" },
      { keys: ["/"], does: "Search" },
      { keys: ["?"], does: "These shortcuts" },
      ...Object.entries(CHORDS).map(([key, { label }]) => ({ keys: ["g", key], inTurn: true, does: `Go to ${label}` })),
    ],
  },
  {
    title: "Runs",
    lines: [
      { keys: ["j"], does: "Next run" },
      { keys: ["k"], does: "Previous run" },
      { keys: ["Enter"], does: "Open the run" },
      { keys: ["x"], does: "Select or unselect the run" },
      { keys: ["Shift", "click"], does: "Select a range" },
      { keys: ["r"], does: "Retry the run, or those selected" },
      { keys: ["c"], does: "Cancel the run, or those selected" },
      { keys: ["u"], does: "Undo a retry, for five seconds" },
      { keys: ["f"], does: "To the filters" },
      { keys: ["Esc"], does: "Let go of the selection" },
    ],
  },
  {
    title: "Dead letters",
    lines: [
      { keys: ["j"], does: "Next group or run" },
      { keys: ["k"], does: "Previous group or run" },
      { keys: ["Enter"], does: "Open it" },
      { keys: ["x"], does: "Select or unselect it; with Shift a range" },
      { keys: ["Esc"], does: "Let go of the selection" },
    ],
  },
  { title: "New run", lines: [{ keys: ["Ctrl", "Enter"], does: "Run the script" }] },
  {
    title: "A run’s output",
    lines: [{ keys: ["f"], does: "Follow the end" }],
  },
];
