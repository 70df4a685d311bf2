import type { Api } from "../../e2e/support/api.ts";
import type { SubmitRun } from "../../server/contracts/runs.ts";

/** Ids of the runs that pictures are about. */
export type SubmittedRuns = { outOfMemory: string };

const MIB = 1024 ** 2;
const once = { maxRetries: 0 };

const IMPORT = `import csv, sys
print("reading /data/customers.csv")
for row in range(1, 12):
    print(f"row {row} ok")
raise ValueError("bad row 12 in /data/customers.csv")`;

const RESIZE = `import time
images = []
for number in range(1, 40):
    images.append(bytearray(b"x" * (4 << 20)))
    print(f"resizing image {number} of 40", flush=True)
    time.sleep(0.05)`;

const TRAIN = `import time
for epoch in range(1, 900):
    print(f"epoch {epoch}: loss {1 / epoch:.4f}", flush=True)
    time.sleep(1)`;

/** Real runs, submitted and waited for: some that go well, some that die in three ways, some that still run or wait. */
export async function submitRuns(api: Api): Promise<SubmittedRuns> {
  const submit = async (count: number, run: SubmitRun) => {
    const ids: string[] = [];
    for (let number = 1; number <= count; number += 1) ids.push((await api.submit({ ...run, name: `${run.name ?? ""} ${number}` })).id);
    return ids;
  };
  const ended = [
    ...(await submit(12, { name: "nightly report", language: "bash", source: "echo done", tags: ["nightly", "team:data"] })),
    ...(await submit(7, { name: "import customers", language: "python", source: IMPORT, retry: once, tags: ["import"] })),
    ...(await submit(2, {
      name: "sync stock",
      language: "bash",
      source: "echo waiting for the warehouse; sleep 60",
      limits: { timeoutMs: 2_000 },
      retry: once,
    })),
  ];
  const images = await submit(4, {
    name: "resize images",
    language: "python",
    source: RESIZE,
    limits: { memoryBytes: 64 * MIB },
    retry: { maxRetries: 1, delayMs: 1_000, jitter: false },
    tags: ["media"],
  });
  for (const id of [...ended, ...images]) await api.untilEnded(id, 180_000);
  await submit(2, {
    name: "flaky upstream",
    language: "bash",
    source: "echo 'upstream said 503' >&2; exit 75",
    retry: { maxRetries: 4, delayMs: 3_600_000, maxDelayMs: 3_600_000, jitter: false },
  });
  for (const id of await submit(3, { name: "train model", language: "python", source: TRAIN, limits: { timeoutMs: 900_000 } })) {
    await api.until(id, (run) => run.status === "running");
  }
  const [outOfMemory] = images;
  if (outOfMemory === undefined) throw new Error("No run was submitted.");
  return { outOfMemory };
}
