import { expect, test } from "vitest";

import { createBatcher } from "./batcher.ts";

/** Works when it is told to, and remembers what it was given. */
function worker(most = 100) {
  const batches: number[][] = [];
  let finish: (() => void) | null = null;
  const give = createBatcher(async (items: number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    if (items.includes(-1)) throw new Error("refused");
    return items.map((item) => item * 2);
  }, most);
  const done = async () => {
    await expect.poll(() => finish !== null).toBe(true);
    finish?.();
    finish = null;
  };
  return { batches, give, done };
}

test("what is given in one turn is one batch; what comes while it is under way is the next", async () => {
  const { batches, give, done } = worker();
  const first = [give(1), give(2)];
  await expect.poll(() => batches).toEqual([[1, 2]]);
  const second = [give(3), give(4)];
  await done();
  expect(await Promise.all(first)).toEqual([2, 4]);
  await done();
  expect(await Promise.all(second)).toEqual([6, 8]);
  const third = give(5);
  await done();
  expect(await third).toBe(10);
  expect(batches).toEqual([[1, 2], [3, 4], [5]]);
});

test("a batch has at most so many", async () => {
  const { batches, give, done } = worker(2);
  const all = [1, 2, 3].map(give);
  await done();
  await done();
  expect(await Promise.all(all)).toEqual([2, 4, 6]);
  expect(batches).toEqual([[1, 2], [3]]);
});

test("what fails fails for all of its batch and for nobody after", async () => {
  const { give, done } = worker();
  const failing = Promise.allSettled([give(1), give(-1)]);
  await done();
  expect((await failing).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const next = give(2);
  await done();
  expect(await next).toBe(4);
});
