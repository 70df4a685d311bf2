import type { BehindEvent, ListEvent, RunEvent } from "#server/contracts/live.ts";

export type LiveEvent = ListEvent | RunEvent | BehindEvent;

/** What the header's pill says: `paused` while the tab is hidden and nothing is asked of the server. */
export type LiveState = "connecting" | "live" | "reconnecting" | "paused";

/** The run whose events the stream carries besides the lists'; `cursor` is the last piece of output seen, `<attempt>.<seq>`. */
export type LiveTopic = { runId: string; cursor: () => string | null };

/** The part of EventSource that is used here. */
export type Source = { addEventListener: (type: string, listener: (event: Event) => void) => void; close: () => void };

export type LiveConnectionOptions = {
  open: (url: string) => Source;
  /** `runId` is the topic of the stream that brought it: attempts, output and usage name no run themselves. */
  onEvent: (event: LiveEvent, runId: string | null) => void;
  onState: (state: LiveState) => void;
  /** The stream stands. After `gap`, events may have been missed: what is on screen must be read again. */
  onConnected: (how: { gap: boolean; runId: string | null }) => void;
  random?: () => number;
};

export type LiveConnection = {
  setTopic: (topic: LiveTopic | null) => void;
  setHidden: (hidden: boolean) => void;
  /** The network came back: don't wait out the backoff. */
  retryNow: () => void;
  close: () => void;
};

export const EVENT_TYPES = [
  "refresh",
  "runs",
  "workers",
  "settings",
  "bulk-operation",
  "dead-letter-groups",
  "status",
  "attempt",
  "output",
  "behind",
  "usage",
] as const satisfies readonly LiveEvent["type"][];

const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 5_000];
/** The server says every five seconds that it is there. A stream without a word for so long is dead, also where nobody closed it. */
const SILENCE_MS = 12_500;

/**
 * The tab's one stream. EventSource's own reconnect is not used: it gives up for good on an HTTP error, and repeats the
 * first URL, whose cursor is old by then. A change of topic opens the new stream before the old one closes, so that
 * lists miss nothing.
 */
export function createLiveConnection({ open, onEvent, onState, onConnected, random = Math.random }: LiveConnectionOptions): LiveConnection {
  let topic: LiveTopic | null = null;
  let hidden = false;
  let current: Source | null = null;
  let opening: Source | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wasLive = false;

  const closeAll = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    current?.close();
    opening?.close();
    current = null;
    opening = null;
  };

  const lose = () => {
    closeAll();
    onState("reconnecting");
    const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0;
    failures += 1;
    timer = setTimeout(connect, wait * (0.75 + 0.5 * random()));
  };

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
  };

  const connect = () => {
    clearTimeout(timer);
    opening?.close();
    // One that neither opens nor fails is as dead as one that falls silent.
    heard();
    const source = open(urlOf(topic));
    const runId = topic?.runId ?? null;
    opening = source;
    source.addEventListener("open", () => {
      if (source !== opening) return;
      const gap = current === null && wasLive;
      current?.close();
      current = source;
      opening = null;
      failures = 0;
      wasLive = true;
      heard();
      onState("live");
      onConnected({ gap, runId });
    });
    source.addEventListener("error", () => {
      if (source !== opening && source !== current) return;
      lose();
    });
    source.addEventListener("alive", () => {
      if (source === current) heard();
    });
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (message) => {
        if (source !== opening && source !== current) return;
        if (source === current) heard();
        onEvent({ type, ...(JSON.parse((message as MessageEvent<string>).data) as object) } as LiveEvent, runId);
      });
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(connect, 0);
  };

  onState("connecting");
  soon();

  return {
    setTopic(next) {
      if (next === topic) return;
      topic = next;
      if (!hidden) soon();
    },
    setHidden(next) {
      if (next === hidden) return;
      hidden = next;
      if (hidden) {
        closeAll();
        onState("paused");
        return;
      }
      failures = 0;
      onState("reconnecting");
      soon();
    },
    retryNow() {
      if (hidden || current !== null) return;
      failures = 0;
      soon();
    },
    close: closeAll,
  };
}

function urlOf(topic: LiveTopic | null): string {
  if (topic === null) return "/api/live";
  const query = new URLSearchParams({ run: topic.runId });
  const after = topic.cursor();
  if (after !== null) query.set("after", after);
  return `/api/live?${query.toString()}`;
}
