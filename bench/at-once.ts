/** Does something so many times, so many at once. Returns how long all of it took, milliseconds. */
export async function timeAtOnce(run: () => Promise<void>, { runs, atOnce }: { runs: number; atOnce: number }): Promise<number> {
  let left = runs;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1;
        await run();
      }
    }),
  );
  return performance.now() - began;
}
