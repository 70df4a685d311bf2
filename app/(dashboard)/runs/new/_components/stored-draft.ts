import { emptyDraft } from "./run-draft.ts";
import type { RunDraft } from "./run-draft.ts";

const KEY = "corral:new-run";

/** The draft as it may be kept in the browser: never what the environment holds, which is where secrets are. */
export function serializeDraft(draft: RunDraft): string {
  return JSON.stringify({ ...draft, env: draft.env.map((row) => ({ ...row, value: "" })) });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A kept draft read back; null for anything that this version of the form can't show. */
export function parseDraft(text: string): RunDraft | null {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const shape = emptyDraft();
  if (!isRecord(stored) || !hasShapeOf(stored, shape)) return null;
  const draft = stored as RunDraft;
  const env = draft.env.filter((row: unknown) => isRecord(row) && typeof row["name"] === "string");
  return {
    ...shape,
    ...draft,
    env: env.map((row, id) => ({ id, name: row.name, value: "", secret: row.secret === true, from: typeof row.from === "string" ? row.from : null })),
  };
}

/** Every field of the shape is there with the same kind of value; null in the shape stands for "not chosen" and takes any. */
function hasShapeOf(value: Record<string, unknown>, shape: object): boolean {
  return Object.entries(shape).every(([key, expected]: [string, unknown]) => {
    const found = value[key];
    if (expected === null) return true;
    if (Array.isArray(expected)) return Array.isArray(found);
    if (typeof expected === "object") return isRecord(found) && hasShapeOf(found, expected);
    return typeof found === typeof expected;
  });
}

/** The draft kept in this browser; null when there is none, or storage is closed to us. */
export function loadDraft(): RunDraft | null {
  const text = withStorage((storage) => storage.getItem(KEY));
  return text === null || text === undefined ? null : parseDraft(text);
}

/** Keeps the draft; what does not fit is not kept. */
export function saveDraft(draft: RunDraft): void {
  withStorage((storage) => storage.setItem(KEY, serializeDraft(draft)));
}

/** Forgets the draft. */
export function clearDraft(): void {
  withStorage((storage) => storage.removeItem(KEY));
}

/** Storage may be switched off, blocked or full (DOMException): the form works without. */
function withStorage<T>(action: (storage: Storage) => T): T | undefined {
  try {
    return action(window.localStorage);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
