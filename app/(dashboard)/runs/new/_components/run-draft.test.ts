import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Run } from "#server/contracts/runs.ts";
import { submitRunSchema } from "#server/contracts/runs.ts";

import { argsFromText, argsToText } from "./args-text.ts";
import { buildSubmit, placeErrors, readEnv, tagsFromText } from "./build-submit.ts";
import type { SubmitRules } from "./build-submit.ts";
import { curlCommand } from "./curl-command.ts";
import { draftOfRun, draftOfSubmit, emptyDraft, languageOf } from "./run-draft.ts";
import type { EnvRow } from "./run-draft.ts";
import { parseDraft, serializeDraft } from "./stored-draft.ts";

const GIB = 1024 ** 3;
const rules: SubmitRules = {
  limits: {
    timeoutMs: { default: 300_000, maximum: 3_600_000 },
    memoryBytes: { default: GIB, maximum: 4 * GIB },
    cpuMillis: { default: 2000, maximum: 4000 },
    pidsMax: { default: 256, maximum: 4096 },
    outputMaxBytes: { default: 10 * 1024 ** 2, maximum: 256 * 1024 ** 2 },
    diskMaxBytes: { default: 512 * 1024 ** 2, maximum: 8 * GIB },
  },
  retry: {
    maxRetries: { default: 3, maximum: 10 },
    backoff: "exponential",
    delayMs: 1000,
    maxDelayMs: 300_000,
    jitter: true,
    retryOn: ["timeout"],
    finalExitCodes: [],
    retryExitCodes: [],
    memoryFactor: 1,
    timeoutFactor: 1,
  },
  network: { allowed: false },
};
const draft = { ...emptyDraft(), source: "echo hello" };

const row = (id: number, name: string, value: string): EnvRow => ({ id, name, value, secret: false, from: null });

describe("arguments as text", () => {
  it("comes back whatever the arguments hold", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (args) => {
        expect(argsFromText(argsToText(args))).toEqual(args);
      }),
    );
  });

  it("reads lines as they are, and quoted ones as JSON", () => {
    expect(argsFromText('--name\n  two words  \n\n""\n"a\\nb"\n"open')).toEqual(["--name", "two words", "", "a\nb", '"open']);
  });
});

describe("buildSubmit", () => {
  it("sends only what was set", () => {
    expect(buildSubmit(draft, rules)).toEqual({ body: { language: "bash", source: "echo hello" }, problems: {} });
  });

  it("sends what was set, in the contract's units", () => {
    const { body, problems } = buildSubmit(
      {
        ...draft,
        name: " Report ",
        args: "a\nb",
        stdin: "in",
        env: [row(1, "MODE", "fast"), row(2, "", ""), { ...row(3, "TOKEN", "s3cret"), secret: true }, { ...row(4, "KEPT", ""), secret: true, from: "a-run" }],
        tags: "nightly, team:data nightly",
        deadLetter: false,
        limits: { ...draft.limits, memoryBytes: "512M", timeoutMs: "1h", cpuMillis: "1.5" },
        retry: { ...draft.retry, maxRetries: "0" },
      },
      rules,
    );
    expect(problems).toEqual({});
    expect(body).toEqual({
      language: "bash",
      source: "echo hello",
      name: "Report",
      args: ["a", "b"],
      stdin: "in",
      env: { MODE: "fast", TOKEN: { value: "s3cret", secret: true }, KEPT: { from: "a-run" } },
      tags: ["nightly", "team:data"],
      deadLetter: false,
      limits: { memoryBytes: 512 * 1024 ** 2, timeoutMs: 3_600_000, cpuMillis: 1500 },
      retry: { maxRetries: 0 },
    });
    expect(submitRunSchema.safeParse(body).success).toBe(true);
  });

  it("names each field that stands in the way", () => {
    const { problems } = buildSubmit(
      {
        ...draft,
        source: " ",
        tags: "ok no!",
        network: true,
        limits: { ...draft.limits, memoryBytes: "8 GiB", timeoutMs: "soon" },
        retry: { ...draft.retry, maxRetries: "99" },
      },
      rules,
    );
    expect(Object.keys(problems).sort()).toEqual(["limits.memoryBytes", "limits.timeoutMs", "network", "retry.maxRetries", "source", "tags"]);
    expect(problems["limits.memoryBytes"]).toBe("Memory is above the maximum of 4 GiB set by the administrator.");
  });
});

describe("readEnv", () => {
  it("refuses a secret that is too short to be masked", () => {
    expect(readEnv([{ ...row(1, "PIN", "123"), secret: true }]).problem).toContain("at least 4 characters");
  });

  it.each([
    ["1ST", "can’t be a variable"],
    ["A-B", "can’t be a variable"],
    ["", "can’t be a variable"],
    ["CORRAL_RUN_ID", "Corral’s own"],
  ])("refuses %j", (name, problem) => {
    expect(readEnv([row(1, name, "x")]).problem).toContain(problem);
  });

  it("refuses a name that is there twice", () => {
    const rows = [1, 2].map((id) => row(id, "A", String(id)));
    expect(readEnv(rows).problem).toBe("A is there twice.");
  });
});

describe("the kept draft", () => {
  it("comes back without what the environment holds", () => {
    const full = { ...draft, env: [{ ...row(7, "TOKEN", "s3cret"), secret: true }], limits: { ...draft.limits, memoryBytes: "1G" } };
    expect(serializeDraft(full)).not.toContain("s3cret");
    expect(parseDraft(serializeDraft(full))).toEqual({ ...full, env: [{ ...row(0, "TOKEN", ""), secret: true }] });
  });

  it.each(["", "null", "[]", '{"source":1}', JSON.stringify({ ...emptyDraft(), limits: {} })])("is dropped when it can't be shown: %s", (text) => {
    expect(parseDraft(text)).toBeNull();
  });
});

describe("cloning", () => {
  const run = {
    language: "python",
    source: "print(1)",
    name: "One",
    args: ["a b", ""],
    stdin: null,
    id: "0190a000-0000-7000-8000-000000000000",
    env: { A: "1", TOKEN: "••••" },
    secretEnv: ["TOKEN"],
    tags: ["x", "y"],
    deadLetter: false,
    network: false,
    limits: { timeoutMs: 90_000, memoryBytes: 300_000_001, cpuMillis: 1234, pidsMax: 64, outputMaxBytes: 1024 ** 2, diskMaxBytes: 1024 ** 2 },
    retry: {
      maxRetries: 2,
      backoff: "fixed",
      delayMs: 1500,
      maxDelayMs: 60_000,
      jitter: false,
      retryOn: ["signal"],
      finalExitCodes: [],
      retryExitCodes: [],
      memoryFactor: 1,
      timeoutFactor: 1,
    },
  } as unknown as Run;

  it("submits the very same run", () => {
    const { body, problems } = buildSubmit(draftOfRun(run), rules);
    expect(problems).toEqual({});
    const { language, source, name, args, tags, deadLetter, limits, retry } = run;
    // Its secret goes along without being seen.
    expect(body).toEqual({ language, source, name, args, env: { A: "1", TOKEN: { from: run.id } }, tags, deadLetter, limits, retry });
  });

  it("turns a submit body into a form and back", () => {
    const body = { language: "node", source: "1", limits: { memoryBytes: 64 * 1024 ** 2 }, retry: { maxRetries: 1, delayMs: 0 }, args: ["x"] };
    expect(buildSubmit(draftOfSubmit(body), rules)).toEqual({ body, problems: {} });
  });
});

describe("placeErrors", () => {
  it("puts the server's errors at the form's fields", () => {
    expect(
      placeErrors({
        "limits.memoryBytes": "too much",
        "args.3": "must be at most 64 KiB",
        "env.1A": "must be a variable name",
        priority: "must be between",
        "": "no",
      }),
    ).toEqual({
      fields: { "limits.memoryBytes": "too much", args: "3: must be at most 64 KiB", env: "1A: must be a variable name" },
      rest: ["priority: must be between", "no"],
    });
  });
});

describe("small readings", () => {
  it("parts tags by commas and spaces", () => expect(tagsFromText(" a, b  c,a ")).toEqual(["a", "b", "c"]));

  it.each([
    ["x.sh", "", "bash"],
    ["x.PY", "", "python"],
    ["x.mjs", "", "node"],
    ["run", "#!/usr/bin/env python3\n", "python"],
    ["run", "#!/bin/sh", "bash"],
    ["notes.txt", "hello", null],
  ])("tells the language of %s", (name, source, language) => expect(languageOf(name, source)).toBe(language));

  it("quotes the body for a shell", () => {
    const command = curlCommand("http://localhost:3000", { language: "bash", source: "echo 'hi' $HOME" });
    expect(command).toContain(`'\\''hi'\\'' $HOME`);
    expect(command).toContain("'http://localhost:3000/api/v1/runs'");
    expect(command).toContain("Bearer $CORRAL_TOKEN");
    const secret = curlCommand("http://localhost:3000", { language: "bash", source: "x", env: { KEY: { value: "hunter22", secret: true }, MODE: "fast" } });
    expect(secret).not.toContain("hunter22");
    expect(secret).toContain("<KEY>");
  });
});
