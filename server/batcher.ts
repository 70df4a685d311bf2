/**
 * Hands over what comes together in one piece: what is given while nothing is under way goes at the end of this turn of the event loop,
 * and what comes while a batch is under way goes into the next. With nothing to do nobody waits.
 */
export function createBatcher<Item, Result>(work: (items: Item[]) => Promise<Result[]>, most: number): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let busy = false;

  const workOff = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await work(batch.map(({ item }) => item));
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => void workOff());
    });
}
