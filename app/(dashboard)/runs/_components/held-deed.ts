/** How long a deed can be taken back before it is sent. */
export const HOLD_MS = 5_000;

/**
 * A deed that is shown at once and sent a little later, so that it can be undone while it is no more than an intention.
 * `flush` sends it now, for a page that is left.
 */
export type HeldDeed = { undo: () => void; flush: () => void };

/** Holds a deed; exactly one of `send` and `onUndo` is called, once. */
export function holdDeed(send: () => void, onUndo: () => void): HeldDeed {
  let open = true;
  const end = (act: () => void) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    act();
  };
  const timer = setTimeout(() => end(send), HOLD_MS);
  return { undo: () => end(onUndo), flush: () => end(send) };
}
