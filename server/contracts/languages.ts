/**
 * The languages that Corral knows how to run, by the ids of their runtimes: a run in one of them is accepted and waits for a
 * worker that has it. How each is run is the executor's (worker/executor/runtimes.ts). Free of Zod, so that the browser may
 * import it for nothing.
 */
export const LANGUAGES = [
  { id: "bash", title: "Bash" },
  { id: "python", title: "Python" },
  { id: "node", title: "Node.js" },
  { id: "sh", title: "POSIX shell" },
  { id: "perl", title: "Perl" },
  { id: "ruby", title: "Ruby" },
  { id: "php", title: "PHP" },
  { id: "lua", title: "Lua" },
] as const;

/** Every worker offers these. */
export const ALWAYS_OFFERED = ["bash", "python", "node"] as const;
