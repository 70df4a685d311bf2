import { expect } from "vitest";

import type { Problem } from "../../contracts/problem.ts";
import type { Role } from "../../contracts/statuses.ts";
import type { ApiTestContext } from "../testing.ts";
import type { RestApp } from "./endpoint.ts";

export type Options = { as?: Role | null; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal };

/** For tests: one request, in-process, as whoever holds the role's token; null sends none. */
export const sender =
  (app: RestApp, context: () => ApiTestContext) =>
  async (method: string, path: string, { as = "administrator", body, headers = {}, signal }: Options = {}): Promise<Response> =>
    app.request(`http://localhost/api/v1${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${context().tokens[as]}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });

/** An answer's body. */
export const read = async <T>(response: Response) => (await response.json()) as T;

/** An answer that has to be a problem. */
export async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const told = await read<Problem>(response);
  expect(told.status).toBe(response.status);
  expect(told.type).toMatch(/^urn:corral:problem:[a-z-]+$/);
  return told;
}
