import { describe, expect, test } from "vitest";

import { createLog, withLogFields } from "./log.ts";

const settings = {
  logLevel: "trace",
  bootstrapToken: "bootstrap-token-of-an-administrator",
  authSecret: "the-secret-that-signs-all-sessions",
  databaseUrl: "postgresql://corral:database-password@db.example:5432/corral",
} as const;

function capture() {
  const lines: string[] = [];
  const log = createLog(settings, { write: (line) => void lines.push(line) });
  return { log, text: () => lines.join(""), last: () => JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown> };
}

const TOKEN = `corral_${"aB3_".repeat(10)}xyz`;

describe("a secret is not logged", () => {
  const error = Object.assign(new Error(`connect to ${settings.databaseUrl} failed`, { cause: new Error(`Authorization: Bearer ${TOKEN}`) }), {
    parameters: ["s3cret-value"],
    detail: "Key (value)=(s3cret-value)",
  });
  const prisma = Object.assign(new Error('Invalid `run.create()` invocation:\n\n{ data: { env: { KEY: "s3cret-value" } } }\n\nArgument `name` is missing.'), {
    name: "PrismaClientValidationError",
  });
  test.each([
    ["by its name", { token: "s3cret-value" }],
    ["by its name, further in", { request: { headers: { authorization: "s3cret-value", cookie: "s3cret-value" } } }],
    ["as a run's own", { body: { env: { KEY: "s3cret-value" }, source: "echo s3cret-value", stdin: "s3cret-value" } }],
    ["of a run in a batch", { runs: { 0: { env: { KEY: "s3cret-value" } } } }],
    ["in an error and its cause", { err: error }],
    ["in what Prisma quotes", { err: prisma }],
    ["in an address", { url: `/metrics?access_token=${TOKEN}` }],
    ["in a cookie's text", { text: "corral.session_token=s3cret-value; Path=/" }],
    ["of this process", { text: `${settings.bootstrapToken} ${settings.authSecret} ${settings.databaseUrl}` }],
  ])("%s", (_how, logged) => {
    const { log, text } = capture();
    log.error(logged, `it failed with Bearer ${TOKEN}`);
    expect(text()).toContain("it failed");
    for (const secret of ["s3cret-value", TOKEN, settings.bootstrapToken, settings.authSecret, "database-password"]) expect(text()).not.toContain(secret);
  });
});

test("an error keeps what finds its cause", () => {
  const { log, last } = capture();
  log.error({ err: Object.assign(new TypeError("no such thing", { cause: new Error("deeper") }), { code: "E1" }) }, "it failed");
  expect(last()).toMatchObject({
    msg: "it failed",
    err: { type: "TypeError", message: "no such thing", code: "E1", stack: expect.stringContaining("log.test.ts") as string, cause: { message: "deeper" } },
  });
});

test("what one line of an attempt says the next does not say again", () => {
  const { log, last } = capture();
  withLogFields({ runId: "one" }, () => {
    log.warn({ err: new Error("not yet") }, "it failed");
    log.info("done");
  });
  expect(last()).toMatchObject({ runId: "one", msg: "done" });
  expect(last()).not.toHaveProperty("err");
});

test("every line of a request or attempt carries its ids, and no other's", async () => {
  const { log, text } = capture();
  const work = (runId: string) =>
    withLogFields({ requestId: `request of ${runId}` }, () =>
      withLogFields({ runId }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.info({ at: runId }, "done");
      }),
    );
  await Promise.all([work("one"), work("two")]);
  log.info("outside");
  const lines = text()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines.slice(0, 2)) expect([line["runId"], line["requestId"]]).toEqual([line["at"], `request of ${String(line["at"])}`]);
  expect(lines[2]).not.toHaveProperty("runId");
});
