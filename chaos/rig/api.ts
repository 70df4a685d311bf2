/** What an HTTP caller got. */
export type Answer = { status: number; headers: Headers; body: unknown; tookMs: number };

/** A caller of the HTTP API, as any program is. */
export type Api = {
  url: string;
  token: string;
  /** @throws TypeError when there was no answer, and TimeoutError when none came in time */
  send: (
    method: string,
    path: string,
    given?: { body?: unknown; headers?: Record<string, string>; timeoutMs?: number; signal?: AbortSignal },
  ) => Promise<Answer>;
};

const TIMEOUT_MS = 20_000;

export function createApi(url: string, token: string): Api {
  return {
    url,
    token,
    send: async (method, path, { body, headers = {}, timeoutMs = TIMEOUT_MS, signal } = {}) => {
      const began = performance.now();
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
      });
      const text = await response.text();
      const isJson = /^application\/(problem\+)?json/.test(response.headers.get("content-type") ?? "");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text, tookMs: performance.now() - began };
    },
  };
}
