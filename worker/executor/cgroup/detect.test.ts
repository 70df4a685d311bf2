import { expect, test } from "vitest";

import { parsePlace } from "./detect.ts";

test("a pure v2 host under systemd", () => {
  const mounts = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";
  expect(parsePlace(mounts, "0::/user.slice/corral.service\n")).toEqual({ v2: "/sys/fs/cgroup/user.slice/corral.service", v1: {} });
});

test("a hybrid host, controllers mounted together and apart", () => {
  const mounts = [
    "31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
    "32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
    "33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
    "34 30 0:30 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
  ].join("\n");
  expect(parsePlace(mounts, "4:memory:/a/b\n3:pids:/\n2:cpu,cpuacct:/c\n0::/d\n")).toEqual({
    v2: "/sys/fs/cgroup/unified/d",
    v1: {
      memory: "/sys/fs/cgroup/memory/a/b",
      cpu: "/sys/fs/cgroup/cpu,cpuacct/c",
      cpuacct: "/sys/fs/cgroup/cpu,cpuacct/c",
      pids: "/sys/fs/cgroup/pids",
    },
  });
});

test("a container that sees only its own part of the hierarchy", () => {
  const mounts = "40 39 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw";
  expect(parsePlace(mounts, "0::/docker/abc\n").v2).toBe("/sys/fs/cgroup");
});
