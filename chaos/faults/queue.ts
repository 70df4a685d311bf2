import { setTimeout as delay } from "node:timers/promises";

import type { Fault, Round } from "../round.ts";
import { prepare } from "../workload.ts";
import type { KindName } from "../workload.ts";

// Delivery, cancel and bulk operations, raced.

const duplicates: Fault = {
  number: 30,
  name: "duplicate-delivery",
  title: "deliveries doubled in the queue",
  shows: "one is accepted",
  inject: async (round) => {
    const { store } = round.rig;
    const columns = await store.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'pgboss' AND table_name = 'job' AND is_generated = 'NEVER' AND column_name <> 'id'`,
    );
    const names = columns.map(({ name }) => `"${name}"`).join(", ");
    const submitted = Array.from({ length: 16 }, () => round.submit(round.random.pick(["ok", "fails"])));
    for (let times = 0; times < 15; times += 1) {
      await store.query(
        `INSERT INTO pgboss.job (id, ${names}) SELECT gen_random_uuid(), ${names} FROM pgboss.job
         WHERE state = 'created' AND data->>'runId' IN (SELECT id::text FROM run WHERE $1 = ANY(tags)) LIMIT 20`,
        [round.tag],
      );
      await delay(100);
    }
    await Promise.all(submitted);
  },
};

/** Makes many runs in one request. */
async function submitBatch(round: Round, kind: KindName, count: number): Promise<string[]> {
  const submissions = Array.from({ length: count }, () => prepare(kind, round.tag, round.random));
  const { status, body } = await round.rig.api.send("POST", "/runs/batch", { body: { runs: submissions.map((submission) => submission.body) } });
  if (status !== 201) throw new Error(`The batch was answered with ${status}: ${JSON.stringify(body)}`);
  const ids = (body as { items: { id: string }[] }).items.map(({ id }) => id);
  // A batch's runs have no key of their own.
  submissions.forEach((submission, index) => {
    submission.id = ids[index] ?? null;
    submission.key = "";
  });
  round.submissions.push(...submissions);
  return ids;
}

const RACES = 50;

const cancelRaces: Fault = {
  number: 31,
  name: "cancel-races",
  title: "cancel against finish, 50 races a seed",
  shows: "one terminal state each",
  workload: [],
  inject: async (round) => {
    const { api } = round.rig;
    const race = async () => {
      const id = await round.submit("race");
      await delay(round.random.between(0, 250));
      const { status } = await api.send("POST", `/runs/${id}/cancel`);
      if (status !== 202 && status !== 200 && status !== 409) round.violation(`cancel of run ${id} was answered with ${status}`);
    };
    for (let raced = 0; raced < RACES; raced += 10) await Promise.all(Array.from({ length: 10 }, race));
  },
};

const bulkRetries: Fault = {
  number: 32,
  name: "concurrent-bulk-retries",
  title: "four bulk retries of the same dead letters at once",
  shows: "each run once",
  workload: [],
  inject: async (round) => {
    const { api, store } = round.rig;
    const ids = await submitBatch(round, "dies", 30);
    await round.until("all are dead letters", async () => {
      const [row] = await store.query<{ dead: number }>("SELECT count(*)::int AS dead FROM run WHERE id = ANY($1::uuid[]) AND status = 'dead'", [ids]);
      return row?.dead === ids.length;
    });
    await round.pause(0, 500);
    const operations = await Promise.all(
      [0, 1, 2, 3].map(async () => {
        await round.pause(0, 100);
        const { status, body } = await api.send("POST", "/dead-letters/retry", { body: { filter: { tag: [round.tag] } } });
        if (status !== 202) throw new Error(`A bulk retry was answered with ${status}: ${JSON.stringify(body)}`);
        return (body as { id: string }).id;
      }),
    );
    await round.until("the operations are done", async () => {
      const open = await store.query("SELECT id FROM bulk_operation WHERE id = ANY($1::uuid[]) AND status IN ('pending', 'running')", [operations]);
      return open.length === 0;
    });
    const counted = await store.query<{ result: string; count: number }>(
      "SELECT result::text, count(*)::int FROM bulk_item WHERE operation_id = ANY($1::uuid[]) GROUP BY result",
      [operations],
    );
    const succeeded = counted.find(({ result }) => result === "succeeded")?.count ?? 0;
    if (succeeded !== ids.length) round.violation(`the operations queued ${succeeded} runs again, not ${ids.length}`);
  },
  check: async (round, { runs }) => {
    const requeues = await round.rig.store.query<{ run_id: string; count: number }>(
      "SELECT run_id, count(*)::int FROM requeue WHERE run_id = ANY($1::uuid[]) GROUP BY run_id",
      [runs.map(({ id }) => id)],
    );
    for (const { id, attempt_count } of runs) {
      const times = requeues.find(({ run_id }) => run_id === id)?.count ?? 0;
      if (times !== 1 || attempt_count !== 2) round.violation(`run ${id}: queued again ${times} times, with ${attempt_count} attempts in all`);
    }
  },
};

const STORM = 100;

const failureStorm: Fault = {
  number: 33,
  name: "failure-storm",
  title: "100 failing runs a seed, with retries",
  shows: "their retries are spread; a caller who waits is served",
  workload: [],
  inject: async (round) => {
    const { api, store } = round.rig;
    const ids = await submitBatch(round, "storm", STORM);
    const moments = new Set<number>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        for (const row of await store.query<{ at: Date }>("SELECT next_attempt_at AS at FROM run WHERE id = ANY($1::uuid[]) AND status = 'retrying'", [ids]))
          moments.add(row.at.getTime());
        await delay(200);
      }
    })();
    for (let asked = 0; asked < 5; asked += 1) {
      const submission = prepare("python", round.tag, round.random);
      const { status, body, tookMs } = await api.send("POST", "/execute", { body: submission.body, headers: { "idempotency-key": submission.key } });
      round.measure("executeMs", Math.round(tookMs));
      if (status !== 200) round.violation(`an execute was answered with ${status}: ${JSON.stringify(body)}`);
      round.submissions.push({ ...submission, id: (body as { id: string }).id });
      await round.pause(100, 600);
    }
    isOver = true;
    await watching;
    round.measure("moments", moments.size);
    if (moments.size < 10) round.violation(`the retries came at ${moments.size} moments only`);
  },
};

export const QUEUE_FAULTS: Fault[] = [duplicates, cancelRaces, bulkRetries, failureStorm];
