import { z } from "@hono/zod-openapi";

import { RequestRefused, toFailure } from "../failure.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { readBody } from "./read-request.ts";
import { Settings, SettingsInput, json, problems } from "./schemas.ts";

const etagOf = (version: number): string => `"${version}"`;
const etagHeader = z.object({ ETag: z.string() });

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
    role: "viewer",
    path: "/settings",
    summary: "Read the defaults and maxima",
    responses: { 200: { description: "The settings in force.", headers: etagHeader, content: json(Settings) }, ...problems() },
    handle: async (c) => {
      const settings = await c.var.caller.settings.get();
      return c.json(settings, 200, { etag: etagOf(settings.version) });
    },
  });

  serve(app, {
    method: "put",
    role: "administrator",
    path: "/settings",
    summary: "Replace the defaults and maxima",
    request: { headers: z.object({ "if-match": z.string() }), body: { required: true, content: json(SettingsInput) } },
    responses: { 200: { description: "The settings now in force.", headers: etagHeader, content: json(Settings) }, ...problems(400, 412, 413, 415, 428) },
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
