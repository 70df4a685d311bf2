import { z } from "zod";
import type { core } from "zod";

import type { FieldError } from "../errors.ts";
import { suggest } from "../suggest.ts";

type Issue = core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What Zod found, field by field, in the words a person can act on. */
export function describeIssues(issues: readonly Issue[], schema: z.ZodType, value: unknown): FieldError[] {
  return issues.flatMap((issue) => describeIssue(issue, [], schema, value));
}

function describeIssue(issue: Issue, prefix: Path, schema: z.ZodType, value: unknown): FieldError[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schemaAt(schema, path));
    return issue.keys.map((key) => ({ path: pathText([...path, key]), message: unknownKeyMessage(key, known) }));
  }
  if (issue.code === "invalid_union") {
    // The branch that was meant is of the value's own type, and came furthest: `status=a&status=x` is a list with one bad entry.
    const ofType = issue.errors.filter((branch) => !branch.some((inner) => inner.code === "invalid_type" && inner.path.length === 0));
    const branches = (ofType.length > 0 ? ofType : issue.errors).map((branch) => branch.flatMap((inner) => describeIssue(inner, path, schema, value)));
    const [best] = branches.sort((a, b) => depth(b) - depth(a));
    if (best !== undefined && best.length > 0) return best;
  }
  return [{ path: pathText(path), message: messageOf(issue, valueAt(value, path)) }];
}

const depth = (errors: FieldError[]) => Math.max(0, ...errors.map((error) => error.path.split(".").length));

function unknownKeyMessage(key: string, known: string[]): string {
  const likely = suggest(key, known);
  return likely === null ? "is not a known field" : `is not a known field; did you mean ${likely}?`;
}

/** `["limits", "memoryBytes"]` → `limits.memoryBytes`; the whole body is `""`. */
function pathText(path: Path): string {
  return path.map(String).join(".");
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), value);
}

const ARTICLES: Record<string, string> = { array: "a list", object: "an object", int: "a whole number", boolean: "true or false" };

/** A schema's own message as it is; Zod's defaults in the same manner: what the value must be. */
function messageOf(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type") return value === undefined ? "is required" : `must be ${ARTICLES[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === "invalid_value" && value === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message;
  if (issue.code === "too_small") return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === "invalid_format" && issue.format === "datetime") return "must be a time in ISO 8601, UTC: 2026-01-31T12:00:00Z";
  return "is not valid";
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}

/** The schema of the field at `path`, through optional, default and union wrappers; null where the path leads nowhere. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | null {
  const [key, ...rest] = path;
  for (const candidate of branchesOf(schema)) {
    if (key === undefined) {
      if (candidate instanceof z.ZodObject) return candidate;
      continue;
    }
    const child = childOf(candidate, key);
    const found = child === null ? null : schemaAt(child, rest);
    if (found !== null) return found;
  }
  return null;
}

function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType | null {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<PropertyKey, z.ZodType | undefined>)[key] ?? null;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return null;
}

function branchesOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) return branchesOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return branchesOf(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => branchesOf(option as z.ZodType));
  return [schema];
}

function knownKeys(schema: z.ZodType | null): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
