/** What Node, pg, PostgreSQL and Prisma say when there is no database to talk to (yet, or any more). */
const AWAY_CODES: ReadonlySet<string> = new Set([
  // Node: nobody listens, or the connection broke.
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  // The Unix socket of a PostgreSQL that has not started.
  "ENOENT",
  // PostgreSQL: shutting down, crashed, starting up, out of connections.
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08001",
  "08003",
  "08004",
  "08006",
  // Prisma: can't reach, timed out reaching, connection closed, no connection from the pool, none for a transaction.
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
]);

/** pg reports these without a code. */
const AWAY_MESSAGES = [
  /^timeout exceeded when trying to connect$/,
  /^Connection terminated/,
  /^Client (has encountered a connection error|was closed) and is not queryable$/,
  /^Query read timeout$/,
];

const DEPTH_MAX = 8;

/** Whether an error, or what caused it, means that the database can't be reached: passing, and nobody's mistake. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > DEPTH_MAX) return false;
  const { code, errorCode, syscall, cause, errors, message, meta } = error as Record<string, unknown>;
  if (errorCode === "P1001" || (typeof code === "string" && AWAY_CODES.has(code) && (code !== "ENOENT" || syscall === "connect"))) return true;
  if (typeof message === "string" && AWAY_MESSAGES.some((pattern) => pattern.test(message))) return true;
  const nested = [
    cause,
    meta,
    (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError,
    ...(Array.isArray(errors) ? (errors as unknown[]) : []),
  ];
  return nested.some((inner) => isDatabaseAway(inner, depth + 1)) || isAdapterConnectionError(error);
}

/** Prisma's driver adapters name the kind of error instead of a code. */
function isAdapterConnectionError(error: object): boolean {
  const { kind } = error as { kind?: unknown };
  return kind === "DatabaseNotReachable" || kind === "ConnectionClosed" || kind === "SocketTimeout" || kind === "TooManyConnections";
}
