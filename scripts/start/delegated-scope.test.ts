import { expect, test } from "vitest";

import { scopeCommand } from "./delegated-scope.ts";

// With a real systemd of a user's own: scripts/cgroup2/cases.ts, in User-Mode Linux.

const user = { isRoot: false, isInScope: false, ownsCgroup: false, systemdRun: "/usr/bin/systemd-run" };

test("an ordinary user whose cgroup is not his own is started again in one that is", () => {
  expect(scopeCommand(user, ["node", "start", "--dev"])).toEqual(
    "/usr/bin/systemd-run --user --scope --quiet --collect -p Delegate=yes -- node start --dev".split(" "),
  );
});

test.each([{ isRoot: true }, { isInScope: true }, { ownsCgroup: true }, { systemdRun: null }])("and nobody else is: %o", (change) => {
  expect(scopeCommand({ ...user, ...change }, ["node"])).toBeNull();
});
