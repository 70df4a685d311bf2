import { shellQuoted } from "#app/(dashboard)/runs/new/_components/curl-command.ts";

import type { Listed } from "./operations-by-tag.ts";

/** The request from a shell, with the first example of a body. Ids and the token stay variables. */
export function curlExample({ method, path, operation }: Listed): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const body = operation.requestBody?.content["application/json"];
  const example = Object.values(body?.examples ?? {})[0]?.value;
  const preconditions = operation.parameters?.some(({ name }) => name === "If-Match") === true ? ["  -H 'If-Match: \"1\"'"] : [];
  return [
    `curl -fsS ${method === "GET" ? "" : `-X ${method} `}"$CORRAL_URL${filled}"`,
    ...(operation.security?.length === 0 ? [] : [`  -H "Authorization: Bearer $CORRAL_TOKEN"`]),
    ...preconditions,
    ...(body === undefined ? [] : [`  -H 'Content-Type: application/json'`]),
    ...(body === undefined ? [] : [`  --data ${example === undefined ? "@body.json" : shellQuoted(JSON.stringify(example, null, 2))}`]),
  ].join(" \\\n");
}
