import { expect, test } from "vitest";

import { languagesOf } from "./languages.ts";

const ruby = { id: "ruby", title: "Ruby", version: "3.3.8" };
const bash = { id: "bash", title: "bash", version: "5.2.37" };

test("the three that always are stand first, others follow", () => {
  const languages = languagesOf([{ status: "active", runtimes: [ruby, bash] }], "bash");
  expect(languages.map(({ id, title, version }) => [id, title, version])).toEqual([
    ["bash", "Bash", "5.2.37"],
    ["python", "Python", null],
    ["node", "Node.js", null],
    ["ruby", "Ruby", "3.3.8"],
  ]);
});

test("a worker that is gone offers nothing, but what was chosen stays", () => {
  expect(languagesOf([{ status: "lost", runtimes: [ruby] }], "perl").map(({ id }) => id)).toEqual(["bash", "python", "node", "perl"]);
});
