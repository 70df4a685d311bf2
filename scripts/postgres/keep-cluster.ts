import { startCluster } from "./cluster.ts";
import type { Cluster, ClusterOptions } from "./cluster.ts";

/** A cluster that is started again when it dies. */
export type KeptCluster = { stop: () => Promise<void> };

const RESTART_MS = { first: 200, most: 15_000 };

/** Starts a cluster and keeps it running until it is stopped. */
export async function keepCluster(options: ClusterOptions): Promise<{ cluster: Cluster; keeper: KeptCluster }> {
  let current = await startCluster(options);
  const first = current;
  let stopping = false;

  const watch = async () => {
    const words = await current.ended;
    if (stopping) return;
    console.error(`The embedded PostgreSQL ended by itself; starting it again. It said:\n${words}`);
    for (let delayMs = RESTART_MS.first; !stopping; delayMs = Math.min(delayMs * 2, RESTART_MS.most)) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      try {
        current = await startCluster({ ...options, socket: first.socket, onNews: (news) => console.error(news) });
        return void watch();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }
  };
  void watch();

  return {
    cluster: first,
    keeper: {
      stop: async () => {
        stopping = true;
        await current.stop();
      },
    },
  };
}
