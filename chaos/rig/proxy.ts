import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

/** A process's way to PostgreSQL, to be cut, delayed or silenced. */
export type Proxy = {
  host: string;
  port: number;
  /** Bytes are held, in both directions and on new connections too, until `restore`. */
  hold: () => void;
  /** The open connections never say anything again, and nobody hears that they ended; new ones work. */
  abandon: () => void;
  /** Each piece is so many milliseconds under way. */
  delay: (ms: number) => void;
  /** Passes the next COMMIT on, then cuts its connection before the answer; resolves when that has happened. */
  loseNextCommit: () => Promise<void>;
  /** Resolves when the next COMMIT's answer has come from the server, before it is passed on, which waits for `then`. */
  atNextCommit: (then: () => void) => void;
  /** All as it should be; what was held flows. */
  restore: () => void;
  close: () => Promise<void>;
};

type Link = { client: Socket; server: Socket; abandoned: boolean; held: (() => void)[] };

// A simple query as Prisma sends it, and as pg-boss does; or the one statement that ends a run that succeeded, which commits by itself.
const COMMIT = /(^|\0|;|\s)commit(\0|;|\s|$)|UPDATE run SET status = 'succeeded'/i;

/** Opens a proxy on an address of this machine to a PostgreSQL's Unix socket. */
export async function openProxy(socketPath: string, host = "127.0.0.1"): Promise<Proxy> {
  const links = new Set<Link>();
  let held = false;
  let delayMs = 0;
  let onCommit: ((link: Link, pass: () => void) => void) | null = null;

  const flow = (link: Link, pass: () => void) => {
    if (link.abandoned) return;
    if (held) link.held.push(pass);
    else if (delayMs > 0) setTimeout(pass, delayMs);
    else pass();
  };

  const server = createServer({ allowHalfOpen: false }, (client) => {
    const upstream = connect(socketPath);
    const link: Link = { client, server: upstream, abandoned: false, held: [] };
    links.add(link);
    let awaitsCommit = false;
    const close = () => {
      // An abandoned connection's other end is not told; the server's end is gone so that no lock outlives it.
      if (!link.abandoned) flow(link, () => client.destroy());
      upstream.destroy();
    };
    upstream.on("error", close).on("close", close);
    client
      .on("error", () => upstream.destroy())
      .on("close", () => {
        upstream.destroy();
        links.delete(link);
      });
    client.on("data", (bytes) => {
      if (onCommit !== null && COMMIT.test(bytes.toString("latin1"))) awaitsCommit = true;
      flow(link, () => upstream.write(bytes));
    });
    upstream.on("data", (bytes) => {
      const pass = () => client.write(bytes);
      if (awaitsCommit && onCommit !== null) {
        const act = onCommit;
        onCommit = null;
        awaitsCommit = false;
        act(link, pass);
        return;
      }
      flow(link, pass);
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");

  return {
    host,
    port: address.port,
    hold: () => (held = true),
    abandon: () => {
      for (const link of links) {
        link.abandoned = true;
        // Whatever it held open is let go, as the server's own keepalive would in time.
        link.server.destroy();
      }
    },
    delay: (ms) => (delayMs = ms),
    loseNextCommit: () =>
      new Promise((resolve) => {
        onCommit = (link) => {
          link.client.destroy();
          link.server.destroy();
          resolve();
        };
      }),
    atNextCommit: (then) => {
      onCommit = (_link, pass) => {
        then();
        pass();
      };
    },
    restore: () => {
      held = false;
      delayMs = 0;
      onCommit = null;
      for (const link of links) for (const pass of link.held.splice(0)) pass();
    },
    close: async () => {
      for (const { client, server: upstream } of links) {
        client.destroy();
        upstream.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
