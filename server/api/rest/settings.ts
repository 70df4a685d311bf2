import { z } from "@hono/zod-openapi";

import { RequestRefused, toFailure } from "../failure.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { readBody } from "./read-request.ts";
import { Settings, SettingsInput, json } from "./schemas.ts";

const etagOf = (version: number): string => `"${version}"`;
const etagHeader = z.object({ ETag: z.string().describe("Names this version; send it as If-Match with a change") });

/** The version in If-Match. @throws RequestRefused when it is missing, or can't be one of ours. */
function versionOf({ req }: RestContext): number {
  const header = req.header("if-match");
  if (header === undefined) {
    throw new RequestRefused(
      "precondition_required",
      "Send If-Match with the ETag of the settings that you changed, so that nobody's change is overwritten unseen.",
    );
  }
  const version = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new RequestRefused("precondition_failed", "If-Match is not an ETag that GET /settings gave.");
  return Number(version);
}

/** /settings: read with an ETag, replace with If-Match. */
export function serveSettings(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/settings",
    operationId: "getSettings",
    tag: "Settings",
    role: "viewer",
    summary: "Read the defaults and maxima",
    answers: { 200: { description: "The settings in force.", headers: etagHeader, content: json(Settings) } },
    handle: async (c) => {
      const settings = await c.var.caller.settings.get();
      return c.json(settings, 200, { etag: etagOf(settings.version) });
    },
  });

  serve(app, {
    method: "put",
    path: "/settings",
    operationId: "updateSettings",
    tag: "Settings",
    role: "administrator",
    summary: "Replace the defaults and maxima",
    description: "Send what `GET /api/v1/settings` gave, changed. They hold for what is submitted from then on; a run keeps the policy it was given.",
    headers: z.object({ "If-Match": z.string().describe("The ETag of the settings that were changed") }),
    body: { schema: SettingsInput, examples: {} },
    answers: { 200: { description: "The settings now in force.", headers: etagHeader, content: json(Settings) } },
    problems: [412, 428],
    handle: async (c) => {
      const version = versionOf(c);
      try {
        const settings = await call(c.var.caller.settings.update, { version, values: await readBody(c) });
        return c.json(settings, 200, { etag: etagOf(settings.version) });
      } catch (error) {
        const failure = toFailure(error);
        // Another version in force is what If-Match asks about.
        throw failure.code === "conflict" ? new RequestRefused("precondition_failed", failure.message) : error;
      }
    },
  });
}
