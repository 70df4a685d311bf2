import { pino } from "pino";

import { config } from "./config.ts";

/** The process's structured log, one JSON object a line on stderr. Secrets never reach it: they are redacted by name. */
export const log = pino(
  {
    level: config().logLevel,
    redact: ["*.token", "*.authorization", "*.cookie", "*.password", "*.secret", "*.env", "*.source", "*.stdin"],
  },
  pino.destination(2),
);
