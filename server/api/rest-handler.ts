import { createRestApp } from "./rest/app.ts";
import { describeApi } from "./rest/document.ts";
import type { Document } from "./rest/openapi.ts";

const app = createRestApp();

/** Answers /api/v1. */
export function handleRest(request: Request): Response | Promise<Response> {
  return app.fetch(request);
}

/** The OpenAPI document of what it answers. */
export const readDocument = (): Document => describeApi(app);
