import type { RunStatus } from "../contracts/statuses.ts";
import type { Database, Db } from "../db/client.ts";

/** What one process tells the others through PostgreSQL: where to look, never what is there. */
export type Notice =
  /** `to`: where all of them went, if that is known. */
  | { kind: "run"; ids: string[]; to?: RunStatus }
  | { kind: "output"; runId: string }
  | { kind: "usage"; runId: string }
  | { kind: "cancel"; ids: string[] }
  | { kind: "worker" }
  | { kind: "settings"; version: number }
  | { kind: "dead-letter-groups" }
  | { kind: "bulk-operation"; id: string }
  /** Somebody may do less than before, or has been signed out: whoever streams asks again whether they may. */
  | { kind: "access" };

/** Where they are sent; for a statement that sends one beside what it writes. */
export const NOTICES = "corral";
/** PostgreSQL takes at most 8000 bytes a notice; a hundred ids stay well below. */
export const IDS_PER_NOTICE = 100;

/** The two arguments of pg_notify, for a statement that tells of what it writes. */
export const noticeOf = (notice: Notice): [channel: string, text: string] => [NOTICES, JSON.stringify(notice)];

/** As noticeOf, for one of many ids: as many texts as it takes. */
export const noticesOf = (notice: Notice): [channel: string, texts: string[]] => [NOTICES, piecesOf(notice).map((piece) => noticeOf(piece)[1])];

/** Sends a notice when `db` commits (at once outside a transaction); one of many ids as several, in one statement. */
export async function publish(db: Db, notice: Notice): Promise<void> {
  const [channel, texts] = noticesOf(notice);
  await db.$executeRaw`SELECT pg_notify(${channel}, text) FROM unnest(${texts}::text[]) AS text`;
}

function piecesOf(notice: Notice): Notice[] {
  if (!("ids" in notice) || notice.ids.length <= IDS_PER_NOTICE) return [notice];
  return Array.from({ length: Math.ceil(notice.ids.length / IDS_PER_NOTICE) }, (_, index) => ({
    ...notice,
    ids: notice.ids.slice(index * IDS_PER_NOTICE, (index + 1) * IDS_PER_NOTICE),
  }));
}

/**
 * Hears the notices of every process. `onGap` is called whenever some may have been missed (at the start and after
 * the connection healed): look at the tables then. `onLost` when nothing can be heard any more, until then.
 */
export async function subscribe(
  database: Database,
  onNotice: (notice: Notice) => void,
  onGap: () => void = () => undefined,
  onLost: () => void = () => undefined,
): Promise<{ close: () => Promise<void> }> {
  return database.listener.listen(NOTICES, (payload) => onNotice(JSON.parse(payload) as Notice), onGap, onLost);
}
