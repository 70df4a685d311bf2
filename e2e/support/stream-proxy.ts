import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** Stands between a browser and Corral, so that its event stream can be cut or silenced as a network does. */
export type StreamProxy = {
  port: number;
  /** Every event stream breaks off now. */
  cutStreams: () => void;
  /** Event streams that are open say nothing more, and nobody is told. */
  silenceStreams: () => void;
  close: () => Promise<void>;
};

const STREAM = "GET /api/live";

/** Opens it on a port of its own, towards another on this machine. */
export async function openStreamProxy(target: number): Promise<StreamProxy> {
  const streams = new Set<Socket>();
  const all = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    all.add(client);
    const close = () => {
      client.destroy();
      upstream.destroy();
      streams.delete(client);
      all.delete(client);
    };
    for (const socket of [client, upstream]) socket.on("error", close).on("close", close);
    client.on("data", (bytes) => {
      if (bytes.toString("latin1", 0, STREAM.length) === STREAM) streams.add(client);
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => client.write(bytes));
    client.on("silence", () => upstream.removeAllListeners("data").resume());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutStreams: () => {
      for (const client of streams) client.destroy();
    },
    silenceStreams: () => {
      for (const client of streams) client.emit("silence");
    },
    close: async () => {
      for (const client of all) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
