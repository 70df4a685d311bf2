import { z } from "zod";

/** What can go wrong, by the name that its `type` is made of. */
export const PROBLEM_CODES = [
  "invalid_input",
  "bad_request",
  "unauthenticated",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "request_timeout",
  "conflict",
  "precondition_failed",
  "payload_too_large",
  "unsupported_media_type",
  "limit_exceeded",
  "precondition_required",
  "too_many_requests",
  "internal_error",
  "unavailable",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** The stable `type` of a problem: a name, not a page to visit (RFC 9457 allows any URI). */
export const problemType = (code: ProblemCode): string => `urn:corral:problem:${code.replaceAll("_", "-")}`;

/** RFC 9457 problem details, with `errors` for input. */
export const problemSchema = z.object({
  type: z.enum(PROBLEM_CODES.map(problemType)).describe("What went wrong, for programs; these names stay"),
  title: z.string().describe("The same for people"),
  status: z.int().min(400).max(599).describe("The HTTP status, again"),
  detail: z.string().describe("What is wrong in this case, and what to do"),
  instance: z.string().describe("The path that was asked"),
  requestId: z.string().describe("Finds the request in the log; also in the header Corral-Request-Id"),
  errors: z
    .array(z.object({ path: z.string().describe("Where in the body, or which parameter or header"), message: z.string() }))
    .optional()
    .describe("Each field that was refused"),
});
export type Problem = z.infer<typeof problemSchema>;
