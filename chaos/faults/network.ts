import { setTimeout as delay } from "node:timers/promises";

import type { Fault } from "../round.ts";

// The way between the processes and PostgreSQL.

const replyLost: Fault = {
  number: 9,
  name: "commit-reply-lost",
  title: "the answer to a commit is lost",
  shows: "the same Idempotency-Key gives the same run",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(0, 1_500);
    for (let times = 0; times < 5; times += 1) {
      const lost = rig.webProxy.loseNextCommit();
      await Promise.all([lost, round.submit("ok")]);
    }
  },
};

const halfOpen: Fault = {
  number: 12,
  name: "half-open",
  title: "connections that are silently gone",
  shows: "noticed by their timeouts; new ones are made",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(300, 2_000);
    const proxy = round.random.pick([rig.a.proxy, rig.b.proxy, rig.webProxy]);
    proxy.abandon();
    await delay(1_000);
    await round.submit("ok");
  },
};

const latency: Fault = {
  number: 13,
  name: "latency",
  title: "200 ms to the database and back",
  shows: "nothing is taken for lost",
  inject: async (round) => {
    const proxies = [round.rig.a.proxy, round.rig.b.proxy, round.rig.webProxy];
    for (const proxy of proxies) proxy.delay(100);
    await round.pause(4_000, 7_000);
    for (const proxy of proxies) proxy.restore();
  },
  check: ({ violation }, { attempts }) => {
    for (const { run_id, outcome } of attempts) if (outcome === "worker_lost") violation(`run ${run_id} was given up for mere slowness`);
  },
};

const partition: Fault = {
  number: 14,
  name: "partition",
  title: "a worker cut off from the database beyond its heartbeat",
  shows: "its scripts are ended in time and fenced; one result",
  workload: ["ok", "fails", "lines", "longer", "longer"],
  inject: async (round) => {
    const { rig, random } = round;
    await round.pause(1_500, 2_500);
    const { proxy } = random.pick([rig.a, rig.b]);
    proxy.hold();
    await round.pause(12_000, 16_000);
    proxy.restore();
  },
};

export const NETWORK_FAULTS: Fault[] = [replyLost, halfOpen, latency, partition];
