import { homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";

import { LIMIT_FLOORS } from "./contracts/statuses.ts";

/** Thrown for environment variables that can't be used; the message names each one and the remedy. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(low, `must be at least ${low}`).max(high, `must be at most ${high}`));

const limit = (floor: number) => wholeNumber(floor, Number.MAX_SAFE_INTEGER).optional();

const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => [
      ...new Set(
        text
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      ),
    ])
    .pipe(z.array(item).max(20, "must be at most 20"))
    .default([]);

const flag = z
  .enum(["0", "1"], "must be 0 or 1")
  .transform((value) => value === "1")
  .default(false);

const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  CORRAL_DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
    .optional(),
  CORRAL_BOOTSTRAP_TOKEN: z.string().min(16, "must be at least 16 characters long").optional(),
  CORRAL_AUTH_SECRET: z.string().min(32, "must be at least 32 characters long").optional(),
  CORRAL_SECRETS_KEY: listOf(z.string().min(32, "must be at least 32 characters long; several, separated by commas, are the present one and those before it")),
  CORRAL_ALLOWED_HOSTS: listOf(z.string().regex(/^(\[[0-9a-f:.]+\]|[\w.-]{1,253})$/i, "must be host names without a port, separated by commas")),
  CORRAL_TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  CORRAL_PUBLIC_URL: z.url("must be a URL, for example https://corral.example.com").optional(),
  CORRAL_SLOTS: wholeNumber(1, 1000).optional(),
  CORRAL_INTERACTIVE_SLOTS: wholeNumber(1, 1000).optional(),
  CORRAL_MEMORY_RESERVE_BYTES: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  CORRAL_CPU_OVERCOMMIT: wholeNumber(1, 100).default(8),
  CORRAL_WORKER_TAGS: listOf(z.string().regex(/^[\w.:/-]{1,57}$/, "must be names of letters, digits or any of _ . : / -, separated by commas")),
  CORRAL_WORKER_TAGGED_ONLY: flag,
  CORRAL_ALLOW_UNENFORCED: flag,
  CORRAL_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  CORRAL_DEFAULT_TIMEOUT_MS: limit(LIMIT_FLOORS.timeoutMs),
  CORRAL_DEFAULT_MEMORY_BYTES: limit(LIMIT_FLOORS.memoryBytes),
  CORRAL_DEFAULT_CPU_MILLIS: limit(LIMIT_FLOORS.cpuMillis),
  CORRAL_DEFAULT_PIDS_MAX: limit(LIMIT_FLOORS.pidsMax),
  CORRAL_DEFAULT_OUTPUT_MAX_BYTES: limit(LIMIT_FLOORS.outputMaxBytes),
  CORRAL_DEFAULT_DISK_MAX_BYTES: limit(LIMIT_FLOORS.diskMaxBytes),
  CORRAL_DEFAULT_MAX_RETRIES: wholeNumber(0, 100).optional(),
});

export type Config = {
  /** Next.js's development server, which wants a little more of a page's policy. */
  development: boolean;
  port: number;
  host: string;
  /** Absolute path of the embedded database, the journal and the workspaces. */
  dataDir: string;
  /** Null: the embedded database. */
  databaseUrl: string | null;
  bootstrapToken: string | null;
  authSecret: string | null;
  /** What secret environment values are encrypted with: the present one first, then those before it. Empty: made from authSecret. */
  secretsKeys: string[];
  publicUrl: string;
  /** Names besides the public URL's by which Corral may be called. */
  allowedHosts: string[];
  /** Proxies in front, each of which adds who called it to X-Forwarded-For. */
  trustedProxies: number;
  slots: { batch: number | null; interactive: number | null };
  /** Of a worker's host: memory that no run gets (null: a tenth, at least 512 MiB), and how often each core is given away. */
  capacity: { reserveBytes: number | null; cpuOvercommit: number };
  /** What a worker is for: runs tagged worker:TAG come only to those that have TAG; and whether no others come. */
  workerTags: { tags: string[]; taggedOnly: boolean };
  allowUnenforced: boolean;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  /** First values of the settings; after the first start the settings page rules. */
  firstSettings: {
    timeoutMs?: number;
    memoryBytes?: number;
    cpuMillis?: number;
    pidsMax?: number;
    outputMaxBytes?: number;
    diskMaxBytes?: number;
    maxRetries?: number;
  };
};

/**
 * Reads and checks the environment. An empty variable counts as not set.
 * @throws ConfigError naming every variable that can't be used, with the remedy.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join(" "));
  }
  const env = parsed.data;
  return {
    development: env.NODE_ENV === "development",
    port: env.PORT,
    host: env.HOST,
    dataDir: resolve((env.CORRAL_DATA_DIR ?? ".data").replace(/^~(?=\/|$)/, homedir())),
    databaseUrl: env.DATABASE_URL ?? null,
    bootstrapToken: env.CORRAL_BOOTSTRAP_TOKEN ?? null,
    authSecret: env.CORRAL_AUTH_SECRET ?? null,
    secretsKeys: env.CORRAL_SECRETS_KEY,
    allowedHosts: env.CORRAL_ALLOWED_HOSTS,
    trustedProxies: env.CORRAL_TRUSTED_PROXIES,
    publicUrl: env.CORRAL_PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    slots: { batch: env.CORRAL_SLOTS ?? null, interactive: env.CORRAL_INTERACTIVE_SLOTS ?? null },
    capacity: { reserveBytes: env.CORRAL_MEMORY_RESERVE_BYTES ?? null, cpuOvercommit: env.CORRAL_CPU_OVERCOMMIT },
    workerTags: { tags: env.CORRAL_WORKER_TAGS, taggedOnly: env.CORRAL_WORKER_TAGGED_ONLY },
    allowUnenforced: env.CORRAL_ALLOW_UNENFORCED,
    logLevel: env.CORRAL_LOG_LEVEL,
    firstSettings: {
      timeoutMs: env.CORRAL_DEFAULT_TIMEOUT_MS,
      memoryBytes: env.CORRAL_DEFAULT_MEMORY_BYTES,
      cpuMillis: env.CORRAL_DEFAULT_CPU_MILLIS,
      pidsMax: env.CORRAL_DEFAULT_PIDS_MAX,
      outputMaxBytes: env.CORRAL_DEFAULT_OUTPUT_MAX_BYTES,
      diskMaxBytes: env.CORRAL_DEFAULT_DISK_MAX_BYTES,
      maxRetries: env.CORRAL_DEFAULT_MAX_RETRIES,
    },
  };
}

let memoised: Config | undefined;

/** The configuration of this process, read once. @throws ConfigError */
export function config(): Config {
  memoised ??= readConfig();
  return memoised;
}
