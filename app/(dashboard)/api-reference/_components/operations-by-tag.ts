import type { Document, Operation } from "#server/api/rest/openapi.ts";

export type Listed = { method: string; path: string; operation: Operation };
export type Part = { tag: string; description: string; operations: Listed[] };

/** The operations under the headings that the document gives them, in its order. */
export function operationsByTag({ tags, paths }: Document): Part[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Listed => ({ method: method.toUpperCase(), path, operation })),
  );
  return tags.map(({ name, description }) => ({ tag: name, description, operations: all.filter(({ operation }) => operation.tags?.includes(name) === true) }));
}
