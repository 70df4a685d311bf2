import { createRestApp } from "./rest/app.ts";

const app = createRestApp();

/** Answers /api/v1. */
export function handleRest(request: Request): Response | Promise<Response> {
  return app.fetch(request);
}
