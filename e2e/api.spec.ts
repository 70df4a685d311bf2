import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { createClient } from "../clients/typescript/src/client/index.ts";
import { cancelRun, followRun, getRun, submitRun } from "../clients/typescript/src/index.ts";
import { expect, test } from "./support/test.ts";

/** The HTTP API over a real wire, with real workers behind it. */

const run = promisify(execFile);

test("the README's lines do what they say", async ({ suite }) => {
  const section = /## Use it over HTTP\n\n```sh\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8"))?.[1];
  if (section === undefined) throw new Error("The README has no lines for HTTP any more.");
  const [settings = "", ...commands] = section.split(/\n\n/);
  expect(settings).toContain("export CORRAL_URL=");
  const environment = { ...process.env, CORRAL_URL: suite.url, CORRAL_TOKEN: suite.token };
  const answers: string[] = [];
  let id = "";
  for (const command of commands) {
    const { stdout } = await run("bash", ["-euc", command], { env: { ...environment, RUN: id }, timeout: 60_000 });
    answers.push(stdout);
    id = /"id":"([^"]+)"/.exec(stdout)?.[1] ?? id;
  }
  expect(answers.length).toBeGreaterThan(3);
  expect(answers[0]).toContain('"status":"queued"');
  expect(answers[1]).toContain('"stdout":"hello world\\n"');
  expect(answers[2]).toContain("event: status\n");
  expect(answers[3]).toContain("corral_runs_submitted_total");
});

test("the generated client submits, follows and cancels a run", async ({ suite }) => {
  const client = createClient({ baseUrl: suite.url, auth: () => suite.token });
  const submitted = await submitRun({ client, body: { language: "bash", source: "echo begun; sleep 60; echo never" } });
  const id = submitted.data?.id ?? "";
  const seen: string[] = [];
  const { stream } = await followRun({ client, path: { id } });
  for await (const event of stream) {
    seen.push(event.type === "status" ? event.run.status : event.type);
    if (event.type === "output") expect((await cancelRun({ client, path: { id } })).response?.status).toBe(202);
  }
  expect(seen).toEqual(expect.arrayContaining(["running", "output", "cancelled"]));
  expect(seen.at(-1)).toBe("cancelled");
  const ended = await getRun({ client, path: { id }, query: { include: ["output"] } });
  expect(ended.data).toMatchObject({ status: "cancelled", output: { stdout: "begun\n" } });
});

test("metrics add up beside real workers", async ({ api, suite }) => {
  const sample = async () => {
    const response = await api.request.get("/metrics");
    expect(response.status()).toBe(200);
    const text = await response.text();
    const sum = (name: string) =>
      text
        .split("\n")
        .reduce((total, line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `) ? total + Number(line.split(" ").at(-1)) : total), 0);
    return {
      submitted: sum("corral_runs_submitted_total"),
      open: sum("corral_runs_open"),
      ended: sum("corral_runs_ended"),
      finished: sum("corral_attempts_finished_total"),
      slots: sum("corral_slots"),
      text,
    };
  };
  const before = await sample();
  const runs = await Promise.all(
    Array.from({ length: 12 }, (_, index) => api.execute({ language: "bash", source: `exit ${index % 2}`, retry: { maxRetries: 1, delayMs: 0 } })),
  );
  const after = await sample();
  expect(after.submitted - before.submitted).toBe(12);
  expect(after.submitted).toBe(after.open + after.ended);
  expect(after.finished - before.finished).toBe(runs.reduce((total, { attempts }) => total + attempts.length, 0));
  expect(after.slots).toBeGreaterThan(0);
  expect(after.text).toContain('corral_http_requests_total{method="POST",route="/api/v1/execute",status="200"}');
  const nobody = await fetch(`${suite.url}/metrics`);
  expect([nobody.status, nobody.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
});

/** Sends bytes as they are and reads what comes until the other side closes. */
function raw(url: string, write: (send: (text: string) => void) => void): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(url);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ host: hostname === "localhost" ? "127.0.0.1" : hostname, port: Number(port) }, () =>
      write((part) => void (socket.writable && socket.write(part))),
    );
    socket.setEncoding("utf8").on("data", (data: string) => (text += data));
    socket.on("close", () => resolve({ text, ms: performance.now() - startedAt }));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error)));
  });
}

test("answers are compressed for who asks, but for what is short and streams", async ({ suite }) => {
  const encodingOf = (path: string, accepted: string) =>
    new Promise<string | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${suite.token}`, "accept-encoding": accepted };
      get(`${suite.url}${path}`, { headers }, (response) => {
        resolve(response.headers["content-encoding"]);
        response.destroy();
      }).once("error", reject);
    });
  expect(await encodingOf("/api/v1/openapi.json", "gzip")).toBe("gzip");
  expect(await encodingOf("/api/v1/openapi.json", "identity")).toBeUndefined();
  expect(await encodingOf("/api/health/live", "gzip")).toBeUndefined();
  expect(await encodingOf("/api/live", "gzip")).toBeUndefined();
});

test("a request that can't be read as one gets a problem", async ({ suite }) => {
  const { hostname, port } = new URL(suite.url);
  const socket = connect(Number(port), hostname);
  socket.end("GET /api/v1/runs HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n");
  const answer = (await socket.setEncoding("utf8").toArray()).join("");
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("urn:corral:problem:bad-request");
});

test("a body that is too slow or too large is refused, and its connection closed", async ({ suite }) => {
  const head = (more: string) =>
    `POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${suite.token}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
  const slow = await raw(suite.url, (send) => send(`${head("Content-Length: 100")}{"language"`));
  expect(slow.text).toMatch(/^HTTP\/1\.1 408 /);
  expect(slow.text).toContain("urn:corral:problem:request-timeout");
  expect(slow.ms).toBeLessThan(20_000);

  const declared = await raw(suite.url, (send) => send(`${head("Content-Length: 999999999")}{`));
  expect(declared.text).toMatch(/^HTTP\/1\.1 413 /);

  // Said to be of no length: what arrives is counted.
  const mebibyte = "x".repeat(1024 * 1024);
  const chunked = await raw(suite.url, (send) => {
    send(head("Transfer-Encoding: chunked"));
    for (let sent = 0; sent < 20; sent += 1) send(`${mebibyte.length.toString(16)}\r\n${mebibyte}\r\n`);
  });
  expect(chunked.text).toMatch(/^HTTP\/1\.1 413 /);
});

test("what is sent can't put a header into an answer", async ({ suite, api }) => {
  const injected = "x\r\nSet-Cookie: corral.session_token=evil\r\n\r\n<script>alert(1)</script>";
  const submitted = await api.request.post("/api/v1/runs", { data: { language: "bash", source: "true", name: injected } });
  expect(submitted.status()).toBe(201);
  for (const path of [
    `/api/v1/runs/${encodeURIComponent(injected)}`,
    `/api/v1/runs?q=${encodeURIComponent(injected)}`,
    `/api/v1/${encodeURIComponent(injected)}`,
  ]) {
    const response = await api.request.get(path);
    expect(response.headers()).not.toHaveProperty("set-cookie");
    expect(response.headers()["content-type"]).toMatch(/^application\/(problem\+)?json/);
    expect(response.headers()["x-content-type-options"]).toBe("nosniff");
  }
  const answer = await raw(suite.url, (send) =>
    send(
      `GET /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${suite.token}\r\nIdempotency-Key: a\rSet-Cookie: x=y\r\nConnection: close\r\n\r\n`,
    ),
  );
  expect(answer.text).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.text).not.toMatch(/set-cookie/i);
});

test("markup in a name, a tag's place or an output is told as text", async ({ api, page, suite }) => {
  const script = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";
  const ended = await api.execute({ language: "bash", source: `echo '${script.replaceAll("'", `'\\''`)}'; exit 1`, name: script, retry: { maxRetries: 0 } });
  const output = await api.request.get(`/api/v1/runs/${ended.id}/output`);
  expect([output.headers()["content-type"], output.headers()["x-content-type-options"]]).toEqual(["text/plain; charset=utf-8", "nosniff"]);
  const tag = await api.request.post("/api/v1/runs", { data: { language: "bash", source: "true", tags: [script] } });
  expect(tag.status()).toBe(400);
  for (const path of [`/runs/${ended.id}`, "/runs", "/dead-letters"]) {
    await page.goto(`${suite.url}${path}`);
    await expect(page.getByText("onerror").first()).toBeVisible();
    expect(await page.title()).not.toBe("taken");
  }
});

test("a token in the address is refused, and what is not there is a problem", async ({ suite, api }) => {
  for (const name of ["token", "access_token", "api_key"]) {
    // Whoever comes with nothing else is told too: what they sent may stand in logs by now.
    for (const headers of [{}, { authorization: `Bearer ${suite.token}` }]) {
      const answer = await fetch(`${suite.url}/api/v1/runs?${name}=${suite.token}`, { headers: headers as Record<string, string> });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("URLs end up in logs");
    }
  }
  for (const path of ["/api/nowhere", "/api/v2/runs", "/api/v1/nowhere"]) {
    expect((await fetch(`${suite.url}${path}`)).status).toBe(401);
    const response = await api.request.get(path);
    expect([path, response.status(), response.headers()["content-type"]]).toEqual([path, 404, "application/problem+json"]);
  }
});

test("a path that leads out of its folder reaches no file", async ({ api, suite }) => {
  const up = "../../../../../../etc/passwd";
  const sample = await api.request.get(`/api/trpc/samples.get?input=${encodeURIComponent(JSON.stringify({ id: up }))}`);
  expect(sample.status()).toBe(404);
  for (const path of [
    `/api/v1/runs/${encodeURIComponent(up)}`,
    `/_next/static/${up}`,
    `/_next/static/${encodeURIComponent(up)}`,
    `/api/v1/..%2f..%2f..%2fetc%2fpasswd`,
  ]) {
    const answer = await raw(suite.url, (send) =>
      send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${suite.token}\r\nConnection: close\r\n\r\n`),
    );
    expect(answer.text, path).not.toContain("root:");
    expect(answer.text, path).toMatch(/^HTTP\/1\.1 (3|4)\d\d /);
  }
});

test("a caller who goes away takes its run with it, or leaves it, as it said", async ({ api, suite }) => {
  for (const [onDisconnect, end] of [
    ["cancel", "cancelled"],
    ["continue", "succeeded"],
  ] as const) {
    const tag = `gone-${onDisconnect}`;
    const gone = new AbortController();
    const asked = fetch(`${suite.url}/api/v1/execute?onDisconnect=${onDisconnect}`, {
      method: "POST",
      body: JSON.stringify({ language: "bash", source: "sleep 3", tags: [tag] }),
      headers: { Authorization: `Bearer ${suite.token}`, "Content-Type": "application/json" },
      signal: gone.signal,
    }).catch(() => null);
    await expect.poll(async () => (await api.list({ tag, status: "running" })).items.length).toBe(1);
    gone.abort();
    expect(await asked).toBeNull();
    const [listed] = (await api.list({ tag })).items;
    expect((await api.untilEnded(listed?.id ?? "")).status).toBe(end);
  }
});

test("no log holds a secret, and its lines have ids", async ({ api, suite }) => {
  const answer = await api.request.post("/api/v1/runs", {
    data: { language: "bash", source: "echo secret-in-source", env: { KEY: "secret-in-env" }, stdin: "secret-in-stdin" },
  });
  const requestId = answer.headers()["corral-request-id"] ?? "";
  const { id } = (await answer.json()) as { id: string };
  await api.untilEnded(id);
  const directory = join(suite.dataDir, "logs");
  const text = () =>
    readdirSync(directory)
      .map((name) => readFileSync(join(directory, name), "utf8"))
      .join("\n");
  await expect
    .poll(() =>
      text()
        .split("\n")
        .some((line) => line.includes(id) && line.includes("an attempt ended")),
    )
    .toBe(true);
  const logged = text();
  expect(logged.split("\n").some((line) => line.includes(requestId) && line.includes(id))).toBe(true);
  const link = new URL(suite.signInLink).searchParams.get("token") ?? "no link";
  const cookie = suite.storageState.cookies.find(({ name }) => name.includes("session_token"))?.value ?? "no cookie";
  for (const secret of [suite.token, link, cookie, "secret-in-source", "secret-in-env", "secret-in-stdin"]) expect(logged).not.toContain(secret);
});
