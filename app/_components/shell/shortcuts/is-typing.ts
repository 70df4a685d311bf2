/** Where letters are text or have a meaning of their own: fields, editors, and whatever lies over the page. */
const OWN_KEYS =
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu]";

/** Whether a key pressed here belongs to what has the focus, not to the page's shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN_KEYS) !== null;
}

/** Whether a key press may mean a shortcut of one character: no modifier but Shift, nothing being composed. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.repeat;
}
