import { createHash, randomUUID } from "node:crypto";

import type { ServiceContext } from "../context.ts";
import type { Run, SubmitRun } from "../contracts/runs.ts";
import { LANGUAGES } from "../contracts/languages.ts";
import type { Lane } from "../contracts/statuses.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { readSettings } from "../settings/read-settings.ts";
import { suggest } from "../suggest.ts";
import { readFleet } from "../workers/read-fleet.ts";
import { deliveryOf } from "./delivery-of.ts";
import { getRun } from "./get-run.ts";
import { resolveLimits, resolveRetry } from "./resolve-policy.ts";
import { toRun } from "./to-run.ts";
import { fleetFor } from "./waiting-reason.ts";

export type SubmitInput = SubmitRun & { lane: Lane; idempotencyKey?: string };

/**
 * Accepts a run: its row and the job that delivers it commit together, so that what is acknowledged is never lost.
 * The same idempotency key with the same body returns the run made first (`created: false`).
 * @throws LimitExceededError, InvalidInputError naming what is refused; ConflictError when the key was used for another body.
 */
export async function submitRun(ctx: ServiceContext, input: SubmitInput): Promise<{ run: Run; created: boolean }> {
  const { lane, idempotencyKey, ...body } = input;
  const requestHash = idempotencyKey === undefined ? null : hashOf({ lane, ...body });
  if (idempotencyKey !== undefined) {
    const earlier = await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
  }

  const { values: settings } = await readSettings(ctx.database.client);
  const limits = resolveLimits(settings, body.limits);
  const retry = resolveRetry(settings, body.retry);
  if (body.network === true && !settings.network.allowed) {
    throw new InvalidInputError([{ path: "network", message: "is not allowed by the administrator; leave it out or ask for it in Settings." }]);
  }
  await requireKnownLanguage(ctx, body.language);

  const jobId = randomUUID();
  try {
    const run = await ctx.database.client.$transaction(async (tx) => {
      const row = await tx.run.create({
        data: {
          name: body.name ?? defaultName(body),
          language: body.language,
          args: body.args ?? [],
          lane,
          limits,
          retry,
          tags: [...new Set(body.tags ?? [])],
          priority: body.priority ?? 0,
          deadLetter: body.deadLetter ?? true,
          network: body.network ?? false,
          submittedBy: ctx.actor.name,
          idempotencyKey: idempotencyKey ?? null,
          requestHash,
          jobId,
          content: { create: { source: body.source, stdin: body.stdin ?? null, env: body.env ?? {} } },
        },
        include: { attempts: true },
      });
      await ctx.queue.enqueue(tx, [deliveryOf(row, jobId, null)]);
      await publish(tx, { kind: "run", ids: [row.id] });
      return row;
    });
    return { run: toRun(run, await fleetFor(ctx.database.client, [run])), created: true };
  } catch (error) {
    // Another request with the same key committed in between: its run is the answer.
    const earlier = idempotencyKey === undefined ? null : await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
    throw error;
  }
}

async function findEarlier(ctx: ServiceContext, idempotencyKey: string, requestHash: string | null) {
  const earlier = await ctx.database.client.run.findUnique({ where: { idempotencyKey }, select: { id: true, requestHash: true } });
  if (earlier === null) return null;
  if (earlier.requestHash !== requestHash) {
    throw new ConflictError("This Idempotency-Key was already used for a request with another body. Use a new key, or send the same body.");
  }
  return { run: await getRun(ctx, { id: earlier.id, include: [] }), created: false };
}

/** The same body, whatever the order of its fields, has the same hash. */
function hashOf(body: unknown): string {
  const canonical = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(canonical).digest("hex");
}

/** One that Corral knows may wait for a worker that has it; any other has to be offered now, or is a slip. */
async function requireKnownLanguage(ctx: ServiceContext, language: string) {
  const known: string[] = LANGUAGES.map(({ id }) => id);
  if (known.includes(language)) return;
  const offered = (await readFleet(ctx.database.client)).flatMap((worker) => worker.languages);
  if (offered.includes(language)) return;
  const choices = [...new Set([...known, ...offered])];
  const meant = suggest(language, choices);
  const remedy = meant === null ? `use one of ${choices.join(", ")}.` : `did you mean ${meant}?`;
  throw new InvalidInputError([{ path: "language", message: `${JSON.stringify(language)} is no language that Corral knows; ${remedy}` }]);
}

/** The first line that says something, so that a nameless run can be told from the next. */
function defaultName({ source, language }: SubmitRun): string {
  const line = source
    .split("\n")
    .map((text) => text.replace(/^\s*(#(?!!)|\/\/|\/\*+|"""|''')\s*/, "").trim())
    .find((text) => text !== "" && !text.startsWith("#!"));
  return (line ?? `${language} script`).slice(0, 80);
}
