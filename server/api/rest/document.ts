import { z } from "@hono/zod-openapi";

import type { RestApp, Tag } from "./endpoint.ts";
import type { Answer, Document, Operation, Schema } from "./openapi.ts";
import { problemAnswers } from "./problems.ts";

const DESCRIPTION = `Corral runs scripts inside kernel limits and accounts for every one of them.

Send \`Authorization: Bearer <token>\` with every request; a token has a role: viewer, operator or administrator. Ids are opaque, times are ISO 8601 in UTC, lists are
\`{ items, nextCursor }\`. Bodies are JSON in UTF-8 of at most 16 MiB. An unknown field, parameter or path is refused, with the likely one. Errors are RFC 9457
problems with a stable \`type\`: 400 for input that can't be right, field by field in \`errors\`; 422 for a limit that is well-formed but above the administrator's
maximum. Every answer carries \`Corral-Request-Id\`, which finds the request in Corral's log.`;

const TAGS: Record<Tag, string> = {
  Runs: "A run is one request to execute a script under a policy; it outlives its attempts.",
  Execute: "Run a script and wait for its result in one request.",
  "Dead letters": "Runs that failed for good and wait for a person, one by one, as groups that died alike, and by the thousand.",
  "Bulk operations": "One retry or discard over many dead letters, with its progress and a result for each run.",
  Settings: "The administrator's defaults and maxima.",
  Workers: "The processes that execute attempts.",
  Lanes: "The queues that runs wait in: batch, and interactive for `/execute`.",
  Access: "API tokens, and the log of who changed what.",
  Service: "The document itself, health and metrics.",
};

/** The OpenAPI 3.1 document, from the same definitions that serve. */
export function describeApi(app: RestApp): Document {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Corral", version: "1", description: DESCRIPTION, license: { name: "MIT" } },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }],
  }) as unknown as Document;
  // Those beside the API were registered on it, and so under its path.
  document.paths = Object.fromEntries(Object.entries(document.paths).map(([path, methods]) => [path.replace(/^\/api\/v1(?=\/api\/|\/metrics$)/, ""), methods]));
  const problems: Record<string, Answer> = {};
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) {
      complete(operation);
      shareProblems(operation, problems);
    }
  }
  return { ...document, components: { ...document.components, responses: problems } };
}

const header = (description: string, schema: Schema) => ({ description, schema });
const REQUEST_ID = header("Finds the request in the log", { type: "string" });
const RETRY_AFTER = header("Seconds after which to try again", { type: "integer", minimum: 1 });
const AUTHENTICATE = header("How to sign in", { type: "string" });

/** What every operation has in common, and what a Zod schema can't say of a query string. */
function complete(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== "query") continue;
    const list = parameter.schema.anyOf?.[0];
    // One or many: as a query string gives them, that is a list.
    if (list !== undefined) parameter.schema = list;
    if (parameter.name === "include") Object.assign(parameter, { style: "form", explode: false });
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    response.headers = {
      ...response.headers,
      "Corral-Request-Id": REQUEST_ID,
      ...(status === "429" || status === "503" ? { "Retry-After": RETRY_AFTER } : {}),
      ...(status === "401" ? { "WWW-Authenticate": AUTHENTICATE } : {}),
    };
  }
}

/** A problem is the same wherever it is answered: said once, and named. */
function shareProblems({ responses }: Operation, shared: Record<string, Answer>): void {
  for (const [status, response] of Object.entries(responses)) {
    if (Number(status) < 400) continue;
    shared[`Problem${status}`] ??= response;
    responses[status] = { $ref: `#/components/responses/Problem${status}` };
  }
}

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });
const OPEN: { security: Record<string, string[]>[] } = { security: [] };

/** Addresses beside /api/v1, which have handlers of their own. */
export function documentService(app: RestApp): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer", description: "An API token, made in Settings" });
  const { 500: internal, 503: unavailable } = problemAnswers([]);
  const shared = { method: "get" as const, tags: ["Service" satisfies Tag] };
  registry.registerPath({
    ...shared,
    ...OPEN,
    path: "/api/health/live",
    operationId: "getLiveness",
    summary: "Is the process there?",
    description: "Open to everybody.",
    responses: { 200: { description: "It is.", content: { "application/json": { schema: Health } } }, ...(internal === undefined ? {} : { 500: internal }) },
  });
  registry.registerPath({
    ...shared,
    ...OPEN,
    path: "/api/health/ready",
    operationId: "getReadiness",
    summary: "Can it serve?",
    description: "Open to everybody. It can while its database answers.",
    responses: {
      200: { description: "It can.", content: { "application/json": { schema: Health } } },
      ...(internal === undefined || unavailable === undefined ? {} : { 500: internal, 503: unavailable }),
    },
  });
  registry.registerPath({
    ...shared,
    path: "/metrics",
    operationId: "getMetrics",
    summary: "Metrics for Prometheus",
    description: "Role: viewer.",
    responses: { 200: { description: "Prometheus text format.", content: { "text/plain": { schema: z.string() } } }, ...problemAnswers([]) },
  });
}
