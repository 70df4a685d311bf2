"use client";

import { useEffect, useState } from "react";

import { NOTHING_SELECTED, readSelection, selectedCount, selectionText } from "./selection.ts";
import type { Selection } from "./selection.ts";

const STORED_AT = "corral:dead-letters-selected";

/**
 * What is selected under a filter, kept in this tab so that a reload does not lose it. It belongs to the filter (and view) it was made
 * under: else a deed would hit more than is shown.
 */
export function useSelection(key: string) {
  const [chosen, setChosen] = useState(readStored);
  const selection = chosen.key === key ? chosen.selection : NOTHING_SELECTED;
  useEffect(() => store(chosen), [chosen]);
  return { selection, selected: selectedCount(selection), select: (next: Selection) => setChosen({ key, selection: next }) };
}

type Chosen = { key: string; selection: Selection };
const NONE: Chosen = { key: "", selection: NOTHING_SELECTED };

/** Nothing is shown as selected before rows are there, so the server's page and the browser's first agree. */
function readStored(): Chosen {
  const text = withStorage((storage) => storage.getItem(STORED_AT));
  if (typeof text !== "string") return NONE;
  const at = text.indexOf("\n");
  const selection = readSelection(text.slice(at + 1));
  return selection === null ? NONE : { key: text.slice(0, at), selection };
}

function store({ key, selection }: Chosen): void {
  withStorage((storage) => {
    if (selectedCount(selection) === 0) storage.removeItem(STORED_AT);
    else storage.setItem(STORED_AT, `${key}\n${selectionText(selection)}`);
  });
}

function withStorage<T>(work: (storage: Storage) => T): T | null {
  if (typeof window === "undefined") return null;
  try {
    return work(window.sessionStorage);
  } catch (error) {
    // Closed to us, or full: the selection stands until the page is left.
    if (error instanceof DOMException) return null;
    throw error;
  }
}
