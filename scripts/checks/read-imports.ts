import { existsSync, globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";

import { parseSync } from "oxc-parser";

/** One import of a source file. */
export type Import = {
  /** The file of ours it leads to, from the project's root; a package's name; or `node:` and a module's name. */
  target: string;
  kind: "own" | "package" | "node";
  /** Nothing of it is left at run time. */
  isType: boolean;
};

export type Source = { path: string; isBrowserEntry: boolean; imports: Import[] };

const PATTERNS = ["**/*.ts", "**/*.tsx", "**/*.mjs", "**/*.js"];
const NOT_OURS = /^(node_modules|\.next|\.data|server\/db\/generated|test-results|playwright-report)\//;
const BUILTIN = new Set(builtinModules);

/** Every source file of the project, from its root. */
export function listSources(root: string): string[] {
  return globSync(PATTERNS, { cwd: root, exclude: (path) => /^(node_modules|\.next|\.data|\.git)$/.test(path) })
    .filter((path) => !NOT_OURS.test(path) && !path.endsWith(".d.ts"))
    .toSorted();
}

function resolve(specifier: string, path: string): Omit<Import, "isType"> {
  if (specifier.startsWith(".")) return { kind: "own", target: normalize(join(dirname(path), specifier)) };
  if (specifier.startsWith("#")) return { kind: "own", target: specifier.slice(1) };
  const bare = specifier.replace(/^node:/, "");
  if (specifier.startsWith("node:") || BUILTIN.has(bare)) return { kind: "node", target: `node:${bare}` };
  const depth = specifier.startsWith("@") ? 2 : 1;
  return { kind: "package", target: specifier.split("/").slice(0, depth).join("/") };
}

/** Reads the imports of one source: static, dynamic, re-exports and `require`. */
export function readSource(path: string, text: string): Source {
  const { module, program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} can't be parsed: ${error.message}`);
  const found: { specifier: string; isType: boolean }[] = [];
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const isType = /^import\s+type\b/.test(text.slice(start, start + 40)) || (entries.length > 0 && entries.every((entry) => entry.isType));
    found.push({ specifier: moduleRequest.value, isType });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest !== null) found.push({ specifier: moduleRequest.value, isType });
  }
  const literals = module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start, moduleRequest.end));
  const required = [...text.matchAll(/\brequire\(\s*(["'][^"']+["'])\s*\)/g)].map((match) => match[1] ?? "");
  for (const literal of [...literals, ...required]) {
    const specifier = /^["'`]([^"'`$]+)["'`]$/.exec(literal)?.[1];
    if (specifier !== undefined) found.push({ specifier, isType: false });
  }
  return {
    path,
    isBrowserEntry: program.body.some((node) => node.type === "ExpressionStatement" && "directive" in node && node.directive === "use client"),
    imports: found.map(({ specifier, isType }) => ({ ...resolve(specifier, path), isType })),
  };
}

/** Reads every source file of the project. */
export const readSources = (root: string): Source[] =>
  listSources(root)
    .filter((path) => existsSync(join(root, path)))
    .map((path) => readSource(path, readFileSync(join(root, path), "utf8")));
