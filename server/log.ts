import { AsyncLocalStorage } from "node:async_hooks";
import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

import { config } from "./config.ts";
import type { Config } from "./config.ts";

/** What every line that is written within a request or an attempt carries. */
type LogFields = { requestId?: string; runId?: string; attempt?: number; workerId?: string };

// Pages have a copy of each module in their bundle; the fields belong to the process.
const holder = globalThis as typeof globalThis & { corralLogFields?: AsyncLocalStorage<LogFields> };
const fields = (holder.corralLogFields ??= new AsyncLocalStorage<LogFields>());

/** Does something so that every line logged in it, and in all that it awaits, carries these fields. */
export function withLogFields<T>(added: LogFields, work: () => T): T {
  return fields.run({ ...fields.getStore(), ...added }, work);
}

/** Names under which a secret or a script comes, wherever in what is logged. */
const NAMES = ["token", "authorization", "cookie", "password", "secret", "env", "source", "stdin"];
const PLACES = ["", "*.", "*.*.", "*.*.*."];

/** Secrets by their form, for texts that carry them unasked: an error's message, an address. */
const FORMS: [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, "Bearer [Redacted]"],
  [/\bcorral_[\w-]{20,}/g, "[Redacted]"],
  [/(session_token=)[^;"\\\s]+/g, "$1[Redacted]"],
  [/([?&](?:[\w-]*token|secret|password|api_?key)=)[^&"\\\s]+/gi, "$1[Redacted]"],
  [/(postgres(?:ql)?:\/\/[^:@/\s"]*:)[^@\s"]+@/gi, "$1[Redacted]@"],
];

/** The secrets of this process itself, which must not be told whatever tells them. */
function ownSecrets({ bootstrapToken, authSecret, databaseUrl }: Pick<Config, "bootstrapToken" | "authSecret" | "databaseUrl">): string[] {
  const password = databaseUrl === null || !URL.canParse(databaseUrl) ? null : new URL(databaseUrl).password;
  return [bootstrapToken, authSecret, password].flatMap((secret) => (secret === null || secret.length < 8 ? [] : [secret]));
}

/** An error without what a library put beside it (a query's values) and without the arguments that Prisma quotes. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    message: name === "PrismaClientValidationError" ? (message.split("\n\n").at(-1) ?? "") : message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .join("\n"),
    ...(cause === undefined || depth > 4 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

/** A structured log, one JSON object a line. Secrets never reach it: by name, by form, and this process's own by their text. */
export function createLog(settings: Pick<Config, "logLevel" | "bootstrapToken" | "authSecret" | "databaseUrl">, destination: DestinationStream): Logger {
  const secrets = ownSecrets(settings);
  return pino(
    {
      level: settings.logLevel,
      // A copy: pino writes what a line says into it, and the next line would say it again.
      mixin: () => ({ ...fields.getStore() }),
      redact: PLACES.flatMap((place) => NAMES.map((name) => `${place}${name}`)),
      serializers: { err: (error: unknown) => describeError(error) },
      hooks: {
        streamWrite: (line) => {
          const formed = FORMS.reduce((text, [form, to]) => text.replaceAll(form, to), line);
          return secrets.reduce((text, secret) => text.replaceAll(secret, "[Redacted]"), formed);
        },
      },
    },
    destination,
  );
}

/** The process's log, on stderr. */
export const log = createLog(config(), pino.destination(2));
