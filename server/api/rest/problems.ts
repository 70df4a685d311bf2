import { problemSchema, problemType } from "../../contracts/problem.ts";
import type { ProblemCode } from "../../contracts/problem.ts";

export const Problem = problemSchema.meta({ id: "Problem", description: "What went wrong (RFC 9457)" });

type Described = { description: string; codes: readonly ProblemCode[] };

/** What each status means here, and the types that come with it. */
export const PROBLEMS = {
  400: {
    description: "The input is refused: unreadable, or field by field in `errors` (an unknown field with the likely one).",
    codes: ["invalid_input", "bad_request"],
  },
  401: { description: "No valid token was sent.", codes: ["unauthenticated"] },
  403: { description: "The token's role does not allow this.", codes: ["forbidden"] },
  404: { description: "There is nothing with that id.", codes: ["not_found"] },
  408: { description: "The body came too slowly.", codes: ["request_timeout"] },
  409: { description: "It is not in a state that allows this, or the Idempotency-Key was used for another body.", codes: ["conflict"] },
  412: { description: "The settings were changed since the version in If-Match.", codes: ["precondition_failed"] },
  413: { description: "The body is larger than 16 MiB.", codes: ["payload_too_large"] },
  415: { description: "The body is not JSON in UTF-8.", codes: ["unsupported_media_type"] },
  422: { description: "A limit is above the administrator's maximum; `errors` names it.", codes: ["limit_exceeded"] },
  428: { description: "If-Match is missing.", codes: ["precondition_required"] },
  429: { description: "The interactive lane is full; try again after Retry-After seconds, or submit with `POST /api/v1/runs`.", codes: ["too_many_requests"] },
  500: { description: "Corral's own fault; the request id finds it in the log.", codes: ["internal_error"] },
  503: { description: "The database is away; try again after Retry-After seconds.", codes: ["unavailable"] },
} as const satisfies Record<number, Described>;

export type ProblemStatus = keyof typeof PROBLEMS;

/** Any request can be answered with these. */
const ALWAYS = [400, 401, 403, 500, 503] as const satisfies readonly ProblemStatus[];

/** The problems of an endpoint as the document lists them. */
export function problemAnswers(statuses: readonly ProblemStatus[]) {
  const all = [...new Set<ProblemStatus>([...ALWAYS, ...statuses])].sort((a, b) => a - b);
  return Object.fromEntries(
    all.map((status) => {
      const { description, codes } = PROBLEMS[status];
      const types = codes.map((code) => `\`${problemType(code)}\``).join(" or ");
      return [status, { description: `${description} Type ${types}.`, content: { "application/problem+json": { schema: Problem } } }];
    }),
  );
}
