/** Resolves when it was told so often that one more is done. */
export function countDown(from: number): { done: () => void; all: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = from;
  return {
    all: promise,
    done: () => {
      left -= 1;
      if (left === 0) resolve();
    },
  };
}
