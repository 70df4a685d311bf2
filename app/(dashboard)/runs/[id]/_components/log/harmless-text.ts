/** Escape sequences other than colours: cursor moves, titles, links. They mean nothing in a log. */
const OTHER_ESCAPES = /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\[[0-9;:<=>?]*[ -/]*[@-ln-~]|[PX^_][^\u001b]*\u001b\\|[ -/]*[0-Z\\^-~])/g;
/** C0 but tab and escape, DEL, C1. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
/** What reorders or hides text: a log must read as it is (Trojan Source). */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Takes away escape sequences that are no colours. */
export function withoutOtherEscapes(text: string): string {
  return text.includes("\u001b") ? text.replaceAll(OTHER_ESCAPES, "") : text;
}

/** Makes control characters visible, and those that reorder or hide text too. */
export function harmless(text: string): string {
  return text
    .replaceAll("\u001b", "␛")
    .replaceAll(CONTROLS, (character) => {
      const code = character.charCodeAt(0);
      if (code === 0x7f) return "␡";
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : `‹${code.toString(16)}›`;
    })
    .replaceAll(INVISIBLE, (character) => `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}
