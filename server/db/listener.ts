import { Client } from "pg";

type Subscriber = {
  onPayload: (payload: string) => void;
  /** Called after each (re)LISTEN: notices may have been missed, so look at the tables. */
  onReconnect: () => void;
  /** Called when the connection is lost: nothing is heard until the next reconnect. */
  onLost: () => void;
};

/** One connection that LISTENs for the whole process and heals itself. A notice is a hint, never the truth. */
export type Listener = {
  /** Resolves once the channel is listened to, or at once when the database is away (it is listened to after healing). */
  listen: (channel: string, onPayload: (payload: string) => void, onReconnect?: () => void, onLost?: () => void) => Promise<{ close: () => Promise<void> }>;
  /** Whether notices are heard now. */
  isConnected: () => boolean;
  close: () => Promise<void>;
};

const RETRY_MS = { first: 100, most: 2_000 };
/** A connection that is silently gone (half-open) is noticed by this question going unanswered. */
const PROBE_MS = { interval: 3_000, timeout: 2_500 };

const quoted = (channel: string) => `"${channel.replaceAll('"', '""')}"`;

/**
 * Makes a listener on `url`; it connects at the first `listen`.
 * @param onSilence told when its connection gave no answer: others to the same place are likely gone as silently
 */
export function createListener(url: string, onSilence: () => void): Listener {
  const channels = new Map<string, Set<Subscriber>>();
  /** When each channel is listened to: who joins before that waits as well, or would believe to hear already. */
  const joining = new Map<string, Promise<void>>();
  let client: Client | null = null;
  let connecting: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let retryMs = RETRY_MS.first;
  let closed = false;
  let connected = false;

  const drop = (gone: Client) => {
    if (client !== gone) return;
    client = null;
    const wasConnected = connected;
    connected = false;
    gone.removeAllListeners();
    // Ending a broken connection reports its break once more; it is already being replaced.
    gone.on("error", () => undefined);
    gone.end().catch(() => undefined);
    scheduleConnect();
    if (!wasConnected) return;
    for (const subscribers of channels.values()) for (const subscriber of subscribers) subscriber.onLost();
  };

  const scheduleConnect = () => {
    if (closed || retry !== null || channels.size === 0) return;
    retry = setTimeout(() => {
      retry = null;
      void connect();
    }, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS.most);
  };

  const connect = (): Promise<void> => {
    connecting ??= open().finally(() => {
      connecting = null;
    });
    return connecting;
  };

  const open = async () => {
    const next = new Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 3_000, application_name: "corral-listen" });
    next.on("error", () => drop(next));
    next.on("end", () => drop(next));
    next.on("notification", ({ channel, payload }) => {
      for (const subscriber of channels.get(channel) ?? []) subscriber.onPayload(payload ?? "");
    });
    try {
      await next.connect();
      client = next;
      for (const channel of channels.keys()) await next.query(`LISTEN ${quoted(channel)}`);
    } catch {
      // Away or going: the next try heals it. The callers' own queries are what report the outage.
      client = next;
      drop(next);
      return;
    }
    retryMs = RETRY_MS.first;
    connected = true;
    for (const subscribers of channels.values()) for (const subscriber of subscribers) subscriber.onReconnect();
  };

  const join = async (channel: string) => {
    const current = client;
    if (current === null) await connect();
    else await current.query(`LISTEN ${quoted(channel)}`).catch(() => drop(current));
  };

  const probe = setInterval(() => {
    const probed = client;
    if (probed === null) return;
    const timer = setTimeout(() => {
      drop(probed);
      onSilence();
    }, PROBE_MS.timeout);
    probed.query("SELECT 1").then(
      () => clearTimeout(timer),
      () => {
        clearTimeout(timer);
        drop(probed);
      },
    );
  }, PROBE_MS.interval);
  probe.unref();

  return {
    isConnected: () => connected,
    listen: async (channel, onPayload, onReconnect = () => undefined, onLost = () => undefined) => {
      const subscriber: Subscriber = { onPayload, onReconnect, onLost };
      const subscribers = channels.get(channel);
      if (subscribers === undefined) {
        channels.set(channel, new Set([subscriber]));
        joining.set(channel, join(channel));
      } else {
        subscribers.add(subscriber);
      }
      await joining.get(channel);
      return {
        close: async () => {
          const remaining = channels.get(channel);
          remaining?.delete(subscriber);
          if (remaining?.size !== 0) return;
          channels.delete(channel);
          const current = client;
          await current?.query(`UNLISTEN ${quoted(channel)}`).catch(() => drop(current));
        },
      };
    },
    close: async () => {
      closed = true;
      clearInterval(probe);
      if (retry !== null) clearTimeout(retry);
      channels.clear();
      await connecting;
      const current = client;
      client = null;
      current?.removeAllListeners();
      current?.on("error", () => undefined);
      await current?.end().catch(() => undefined);
    },
  };
}
