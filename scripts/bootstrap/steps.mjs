/** One line a step: what is being done, how far it is, and how long it took. A terminal sees it move; a log sees it grow. */

const REMIND_MS = 10_000;
const secondsSince = (start) => `${Math.round((performance.now() - start) / 1000)} s`;

/**
 * Starts a step and says so.
 * @param {{ number: number, of: number, title: string, hint?: string }} step
 */
export function beginStep({ number, of, title, hint }) {
  const head = `[${number}/${of}] ${title}`;
  const live = process.stdout.isTTY === true;
  const start = performance.now();
  let progress = "";
  let shown = "";

  const draw = () => {
    const details = [progress, secondsSince(start)].filter((part) => part !== "").join(", ");
    const line = `${head}… ${details}${hint === undefined ? "" : ` (${hint})`}`;
    process.stdout.write(`\r${line.slice(0, (process.stdout.columns ?? 80) - 1)}\x1b[K`);
  };
  if (live) draw();
  else console.log(`${head}…${hint === undefined ? "" : ` (${hint})`}`);

  const timer = setInterval(
    () => {
      if (live) return draw();
      const details = [progress, secondsSince(start)].filter((part) => part !== "").join(", ");
      if (details !== shown) console.log(`      ${details}`);
      shown = details;
    },
    live ? 500 : REMIND_MS,
  );
  timer.unref();

  return {
    /** How far it is, for example `412 of 670`. */
    progress: (text) => {
      progress = text;
    },
    /** A remark worth a line of its own. */
    note: (text) => {
      if (live) process.stdout.write("\r\x1b[K");
      console.log(`      ${text}`);
    },
    done: (result = "done") => {
      clearInterval(timer);
      const took = performance.now() - start;
      const line = took < 1000 ? result : `${result} in ${secondsSince(start)}`;
      if (live) process.stdout.write(`\r${head}: ${line}\x1b[K\n`);
      else console.log(`      ${line}`);
    },
    /** Leaves the line as it is: what went wrong follows. */
    fail: () => {
      clearInterval(timer);
      if (live) process.stdout.write("\n");
    },
  };
}
