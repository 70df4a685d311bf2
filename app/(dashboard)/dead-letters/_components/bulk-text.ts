/** `1 dead letter`, `3,214 dead letters`. */
export const deadLettersText = (count: number) => (count === 1 ? "1 dead letter" : `${count.toLocaleString("en-US")} dead letters`);

const MOMENT = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** The moment of a count, in the reader's own time. */
export const momentText = (at: string) => MOMENT.format(new Date(at));

/** A discard of more than this many must be typed out. */
export const TYPED_ABOVE = 100;
