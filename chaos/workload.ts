import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import type { Random } from "./random.ts";
import type { Api } from "./rig/api.ts";

const MIB = 1024 ** 2;

/** A kind of script: what is submitted, and how such a run may end. */
export type Kind = {
  body: (random: Random) => Record<string, unknown>;
  /** `status` or `status outcome`. */
  ends: string[];
  /** Charged failures at the end. */
  charged: number;
  /** What its stdout has to be, where that is known to the byte. */
  stdout?: string;
};

const LINES = 3_000;
const numbered = Array.from({ length: LINES }, (_line, index) => `line ${index + 1}\n`).join("");
const sleepOf = (random: Random, from: number, to: number) => random.between(from, to).toFixed(3);
const QUICK_RETRY = { delayMs: 200, backoff: "fixed", jitter: false };
const NO_RETRY = { maxRetries: 0 };
const DEAD = (outcome: string) => [`dead ${outcome}`];

export const KINDS = {
  ok: {
    body: (random) => ({ source: `echo begins\nsleep ${sleepOf(random, 0.05, 0.6)}\necho ends` }),
    ends: ["succeeded"],
    charged: 0,
    stdout: "begins\nends\n",
  },
  python: { body: () => ({ language: "python", source: "print('from python')" }), ends: ["succeeded"], charged: 0, stdout: "from python\n" },
  long: { body: (random) => ({ source: `echo begins\nsleep ${sleepOf(random, 2, 3)}\necho ends` }), ends: ["succeeded"], charged: 0, stdout: "begins\nends\n" },
  longer: {
    body: (random) => ({ source: `echo begins\nsleep ${sleepOf(random, 10, 11)}\necho ends` }),
    ends: ["succeeded"],
    charged: 0,
    stdout: "begins\nends\n",
  },
  lines: {
    body: () => ({ source: `for i in $(seq 1 ${LINES}); do echo "line $i"; [ $((i % 300)) -eq 0 ] && sleep 0.05; done; true` }),
    ends: ["succeeded"],
    charged: 0,
    stdout: numbered,
  },
  fails: { body: () => ({ source: "echo failing >&2; sleep 0.1; exit 3", retry: { ...QUICK_RETRY, maxRetries: 1 } }), ends: DEAD("exit_nonzero"), charged: 2 },
  failsSoftly: { body: () => ({ source: "exit 4", retry: NO_RETRY, deadLetter: false }), ends: ["failed exit_nonzero"], charged: 1 },
  timeout: { body: () => ({ source: "sleep 30", limits: { timeoutMs: 800 }, retry: NO_RETRY }), ends: DEAD("timeout"), charged: 1 },
  oom: {
    body: () => ({ language: "python", source: "x = bytearray(1 << 30)", limits: { memoryBytes: 64 * MIB }, retry: NO_RETRY }),
    ends: DEAD("out_of_memory"),
    charged: 1,
  },
  forkBomb: {
    body: () => ({ source: ":(){ :|:& };:; sleep 2; exit 1", limits: { pidsMax: 32, timeoutMs: 3_000 }, retry: NO_RETRY }),
    ends: ["dead process_limit", "dead timeout", "dead exit_nonzero", "dead signal"],
    charged: 1,
  },
  stubborn: {
    body: () => ({
      source: "trap '' TERM\n(setsid nohup sh -c \"trap '' TERM; sleep 60 & sleep 60\" &)\nsleep 60 & wait; sleep 60",
      limits: { timeoutMs: 700 },
      retry: NO_RETRY,
    }),
    ends: DEAD("timeout"),
    charged: 1,
  },
  pipeHeld: { body: () => ({ source: "echo out\nsetsid sleep 60 &\nexec >&- 2>&-\nexit 0" }), ends: ["succeeded"], charged: 0, stdout: "out\n" },
  flood: {
    body: () => ({ source: "yes 0123456789012345678901234567890123456789 | head -c 30000000", limits: { outputMaxBytes: MIB } }),
    ends: ["succeeded"],
    charged: 0,
  },
  binary: {
    body: () => ({
      source: "head -c 300000 /dev/urandom; printf '\\xff\\xfe\\x00\\xc3'; head -c 100000000 /dev/zero | tr '\\0' x",
      limits: { outputMaxBytes: 2 * MIB },
    }),
    ends: ["succeeded"],
    charged: 0,
  },
  poison: { body: () => ({ source: "sleep 25" }), ends: DEAD("worker_lost"), charged: 0 },
  dies: { body: () => ({ source: "exit 5", retry: NO_RETRY }), ends: DEAD("exit_nonzero"), charged: 1 },
  storm: {
    body: () => ({ source: "exit 6", retry: { maxRetries: 2, delayMs: 1_000, backoff: "exponential", jitter: true } }),
    ends: DEAD("exit_nonzero"),
    charged: 3,
  },
  race: { body: (random) => ({ source: `sleep ${sleepOf(random, 0, 0.15)}` }), ends: ["succeeded", "cancelled"], charged: 0 },
  abandoned: { body: () => ({ source: "sleep 20" }), ends: ["cancelled"], charged: 0 },
} satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;

/** A run that was asked for. */
export type Submission = { kind: Kind; kindName: string; key: string; body: Record<string, unknown>; id: string | null; refusals: number };

export type SubmitOptions = {
  /** Only a worker with this tag. */
  on?: "a" | "b";
  /** Changes to the kind's body. */
  changes?: Record<string, unknown>;
};

/** A kind's submit, with a key of its own. */
export function prepare(kindName: KindName, tag: string, random: Random, { on, changes = {} }: SubmitOptions = {}): Submission {
  const kind: Kind = KINDS[kindName];
  const tags = [tag, ...(on === undefined ? [] : [`worker:${on}`])];
  const body = { language: "bash", name: `chaos ${kindName}`, retry: { ...QUICK_RETRY, maxRetries: 2 }, ...kind.body(random), tags, ...changes };
  return { kind, kindName, key: randomUUID(), body, id: null, refusals: 0 };
}

const PATIENCE_MS = 60_000;
const PASSING = new Set([429, 500, 502, 503, 504]);

/** Submits as a careful program does: again with the same key until it is acknowledged. @throws for a refusal that no repetition mends */
export async function submit(api: Api, submission: Submission): Promise<string> {
  for (const deadline = performance.now() + PATIENCE_MS; ; submission.refusals += 1) {
    try {
      const { status, body } = await api.send("POST", "/runs", { body: submission.body, headers: { "idempotency-key": submission.key } });
      if (status === 201 || status === 200) {
        submission.id = (body as { id: string }).id;
        return submission.id;
      }
      if (!PASSING.has(status)) throw new Error(`A submit was refused with ${status}: ${JSON.stringify(body)}`);
    } catch (error) {
      // No answer: the web process is away, or slow.
      if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    }
    if (performance.now() > deadline) throw new Error("A submit was not acknowledged within a minute.");
    await delay(200);
  }
}
