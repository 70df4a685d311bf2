import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { HOLD_MS, holdDeed } from "./held-deed.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it is sent once, after the time to take it back", () => {
  const [send, undo] = [vi.fn(), vi.fn()];
  const deed = holdDeed(send, undo);
  vi.advanceTimersByTime(HOLD_MS - 1);
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  deed.undo();
  deed.flush();
  expect([send.mock.calls.length, undo.mock.calls.length]).toEqual([1, 0]);
});

test("undone, it is never sent", () => {
  const [send, undo] = [vi.fn(), vi.fn()];
  const deed = holdDeed(send, undo);
  deed.undo();
  deed.flush();
  vi.advanceTimersByTime(HOLD_MS * 2);
  expect([send.mock.calls.length, undo.mock.calls.length]).toEqual([0, 1]);
});

test("a page that is left sends it at once", () => {
  const send = vi.fn();
  holdDeed(send, vi.fn()).flush();
  expect(send).toHaveBeenCalledOnce();
});
