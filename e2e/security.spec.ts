import { readFileSync, readdirSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, test } from "./support/test.ts";

/** What hostile input and hostile pages can do in a real browser, over real HTTP: nothing. */

const MARK = "__executed";
const HOSTILE = [
  `<img src=x onerror="window.${MARK}=1">`,
  `"><script>window.${MARK}=1</script>`,
  `</title><svg onload="window.${MARK}=1">`,
  `javascript:window.${MARK}=1`,
  `{{constructor.constructor('window.${MARK}=1')()}}`,
];

/** Everything that a page's policy kept from happening, and every dialog, as the page goes on. */
async function watch(page: Page): Promise<string[]> {
  const seen: string[] = [];
  page.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) seen.push(message.text());
  });
  page.on("dialog", (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return seen;
}

const executed = (page: Page) => page.evaluate((mark) => Reflect.get(window, mark) === undefined, MARK);

test("names, tags, arguments, output and errors that are markup stay text, on every page, and no page breaks its own policy", async ({ page, api }) => {
  const seen = await watch(page);
  const ids: string[] = [];
  // As much as a name holds, in as few pages as that takes.
  for (const hostile of [HOSTILE.slice(0, 3).join(" "), HOSTILE.slice(3).join(" ")]) {
    const { id } = await api.submit({
      name: hostile,
      language: "bash",
      source: `# ${hostile}\necho "$1"; echo "$1" >&2; echo "$HOSTILE"; exit 1`,
      args: [hostile],
      env: { HOSTILE: hostile },
      stdin: hostile,
      retry: { maxRetries: 0 },
    });
    ids.push(id);
  }
  for (const id of ids) await api.untilEnded(id);
  await api.request.post("/api/v1/tokens", { data: { name: HOSTILE[0], role: "viewer" } });
  const pages = ["/runs", "/runs/new", `/runs/new?from=${ids[0]}`, "/dead-letters", "/workers", "/settings", "/access", "/account", "/audit", "/nothing-here"];
  for (const path of [...ids.flatMap((id) => [`/runs/${id}`]), ...pages, `/runs?q=${encodeURIComponent(HOSTILE[0] ?? "")}`]) {
    await page.goto(path);
    await expect(page.getByRole("main").first()).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    expect(await executed(page), path).toBe(true);
  }
  await page.goto(`/runs/${ids[0]}`);
  await expect(page.getByText(HOSTILE[0] ?? "").first()).toBeVisible();
  expect(seen).toEqual([]);
});

test("a page's policy holds: what gets into a page as a script is not run", async ({ page }) => {
  await page.goto("/runs");
  await expect(page.getByRole("main")).toBeVisible();
  const violated = page.evaluate(
    () => new Promise<string>((resolve) => document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true })),
  );
  await page.evaluate((mark) => {
    const holder = document.createElement("div");
    holder.innerHTML = `<img src="data:image/gif;base64,nonsense" onerror="window.${mark}=1">`;
    document.body.append(holder);
  }, MARK);
  expect(await violated).toMatch(/^script-src/);
  expect(await executed(page)).toBe(true);
});

test("every answer says what it may be used for; pages carry a nonce of their own", async ({ page, suite, api }) => {
  const policyOf = async () => (await page.goto("/runs"))?.headers()["content-security-policy"] ?? "";
  const [one, other] = [await policyOf(), await policyOf()];
  expect(one).toMatch(/script-src 'nonce-[\w+/=]{20,}' 'strict-dynamic'(;|$)/);
  expect(one).not.toMatch(/script-src[^;]*unsafe-inline/);
  expect(one).toContain("frame-ancestors 'none'");
  expect(one).not.toBe(other);
  for (const path of ["/sign-in", "/welcome", "/runs", "/api/v1/runs", "/api/health/live", "/nothing-here"]) {
    const headers = (await page.request.get(path)).headers();
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["x-frame-options"], path).toBe("DENY");
    expect(headers["referrer-policy"], path).toBe("same-origin");
    expect(headers["permissions-policy"], path).toContain("camera=()");
    expect(headers["cross-origin-opener-policy"], path).toBe("same-origin");
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    // Plain HTTP: a promise of HTTPS would lock people out.
    expect(headers["strict-transport-security"], path).toBeUndefined();
  }
  const behindTls = await api.request.get(`${suite.url}/sign-in`, { headers: { "x-forwarded-proto": "https" } });
  expect(behindTls.headers()["strict-transport-security"]).toContain("max-age=");
});

/** A request as no browser sends it: with another Host, or a path that is not put right first. */
function raw(url: string, path: string, headers: Record<string, string>): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: hostname, port, path, headers, setHost: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

test("a name that was made to point here is refused on every transport", async ({ suite }) => {
  const authorization = `Bearer ${suite.token}`;
  for (const path of ["/", "/runs", "/sign-in", "/api/v1/runs", "/api/live", "/api/trpc/session.me", "/api/auth/link?token=x"]) {
    expect((await raw(suite.url, path, { host: "evil.example", authorization })).status, path).toBe(403);
  }
  const { port } = new URL(suite.url);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect((await raw(suite.url, "/api/v1/lanes", { host, authorization })).status, host).toBe(200);
  }
  // Load balancers ask by address; these tell nothing.
  expect((await raw(suite.url, "/api/health/ready", { host: "10.0.0.7" })).status).toBe(200);
});

test("paths lead to no file, and put nothing into headers", async ({ suite }) => {
  const { host } = new URL(suite.url);
  const headers = { host, authorization: `Bearer ${suite.token}` };
  for (const path of [
    "/api/v1/runs/..%2f..%2f..%2fetc%2fpasswd",
    "/api/v1/runs/%2e%2e/%2e%2e/package.json",
    "/_next/static/../../package.json",
    "/_next/static/..%2f..%2fpackage.json",
    "/..%2f..%2fetc%2fpasswd",
    "/api/v1/../../.data/secret",
  ]) {
    const answer = await raw(suite.url, path, headers);
    expect([400, 403, 404, 307, 308], `${path}: ${answer.status}`).toContain(answer.status);
    expect(answer.body, path).not.toMatch(/root:x:|"name": "corral"/);
  }
  for (const path of ["/%0d%0aSet-Cookie:%20planted=1", "/runs%0d%0aX-Planted:1?next=%0d%0aX-Planted:1", "/sign-in?next=%0d%0aX-Planted:1"]) {
    const answer = await raw(suite.url, path, { host });
    expect([answer.headers["set-cookie"], answer.headers["x-planted"]], path).toEqual([undefined, undefined]);
  }
});

/** Every file of a directory, as it lies on disk. */
function* filesIn(directory: string): Generator<string> {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* filesIn(path);
    else if (stat?.isFile() === true) yield path;
  }
}

test("a secret is in no answer, no output, no log and nowhere on disk; the script has it", async ({ page, api, suite }) => {
  const secret = `s3cret-${"value-that-is-found-nowhere-".repeat(3)}end`;
  const half = Math.floor(secret.length / 2);
  const source = `printf %s "\${TOKEN:0:${half}}"; sleep 0.3; echo "\${TOKEN:${half}}"; echo "it is $TOKEN" >&2; echo -n "$TOKEN" | sha256sum; exit 1`;
  const { id } = await api.submit({
    name: "has a secret",
    language: "bash",
    source,
    env: { TOKEN: { value: secret, secret: true } },
    retry: { maxRetries: 0 },
  });
  await api.untilEnded(id);
  const run = await api.run(id, "output");
  const { createHash } = await import("node:crypto");
  expect(run.output?.stdout).toBe(`••••\n${createHash("sha256").update(secret).digest("hex")}  -\n`);
  expect(run.output?.stderr).toBe("it is ••••\n");
  expect((await api.run(id, "source")).env).toEqual({ TOKEN: "••••" });
  await page.goto(`/runs/${id}`);
  await expect(page.getByText("it is ••••").first()).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  const session = (await page.context().cookies()).find(({ name }) => name === "corral.session_token")?.value ?? "";
  expect(session).not.toBe("");
  const own = [session, decodeURIComponent(session), suite.token];
  for (const path of filesIn(suite.dataDir)) {
    const bytes = readFileSync(path);
    expect(bytes.includes(secret), path).toBe(false);
    if (path.includes("/logs/")) for (const text of own) expect(bytes.includes(text), `${path}: ${text}`).toBe(false);
  }
});

test("a token in a URL is refused", async ({ page, suite }) => {
  const answer = await page.request.get(`/api/v1/runs?access_token=${suite.token}`, { headers: { authorization: `Bearer ${suite.token}` } });
  expect(answer.status()).toBe(400);
  expect(await answer.text()).not.toContain(suite.token);
});
