/** `1 dead letter`, `3,214 dead letters`. */
export const deadLettersText = (count: number) => (count === 1 ? "1 dead letter" : `${count.toLocaleString("en-US")} dead letters`);

/** `1 group`, `25 groups`. */
export const groupsText = (count: number) => (count === 1 ? "1 group" : `${count.toLocaleString("en-US")} groups`);

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** A moment in the reader's own time; with its day where that is not today. */
export function momentText(at: string): string {
  const date = new Date(at);
  return (date.toDateString() === new Date().toDateString() ? TIME : DATE_AND_TIME).format(date);
}

/** A discard of more than this many must be typed out. */
export const TYPED_ABOVE = 100;
