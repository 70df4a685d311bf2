const ending = new AbortController();

/**
 * Aborted when the process is asked to stop. Open answers may finish first, and a stream or a wait may take for ever: those that
 * listen here end at once, so that a stop is a matter of a moment.
 */
export const processEnd = (): AbortSignal => ending.signal;

/** Tells all who listen; done once, by who handles the process's signals. */
export const beginProcessEnd = (): void => ending.abort();
