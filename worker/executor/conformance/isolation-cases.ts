import assert from "node:assert/strict";

import { bash, python } from "./case.ts";
import type { SpecCase } from "./case.ts";

/** What a script can't see, reach or keep. */
export const isolationCases: SpecCase[] = [
  {
    number: 32,
    title: "no network",
    spec: python(
      "import socket\ntry:\n  socket.create_connection(('127.0.0.1', 22), 1)\n  print('reached')\nexcept OSError as error:\n  print('refused')\nprint(sorted(i[1] for i in socket.if_nameindex()))",
    ),
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "refused\n['lo']\n"),
  },
  {
    number: 33,
    title: "no way to cgroups, mounts or namespaces, no capability",
    spec: bash(
      [
        "ls -A /sys 2>/dev/null | wc -l",
        "mount -t tmpfs none /tmp 2>/dev/null && echo mounted",
        "unshare -U true 2>/dev/null && echo unshared",
        "unshare -n true 2>/dev/null && echo netns",
        "touch /usr/x 2>/dev/null && echo wrote-usr",
        "touch /x /etc/x /dev/x 2>/dev/null && echo wrote-root",
        "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
        "true",
      ].join("\n"),
    ),
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "0\nCapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n"),
  },
  {
    number: 34,
    title: "can't raise its descriptor limit",
    spec: bash("ulimit -n 100000 2>/dev/null && echo raised; ulimit -n"),
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "1024\n"),
  },
  {
    number: 35,
    title: "a locked directory tree, a loop of links and a fifo",
    spec: bash("mkdir -p a/b/c; ln -s . a/loop; mkfifo a/fifo; touch a/b/c/f; chmod -R 000 a; exit 0"),
    outcome: "succeeded",
  },
  {
    number: 36,
    title: "a link to a host file stays a link",
    spec: bash("ln -s /etc/shadow stolen; cat stolen 2>/dev/null && exit 1; exit 0"),
    outcome: "succeeded",
  },
  {
    number: 37,
    title: "finds no descriptor of the launch chain",
    spec: bash("echo '{\"exit-code\": 0}' >&3 2>/dev/null; ls /proc/self/fd | tr '\\n' ' '; exit 5"),
    outcome: "exit_nonzero",
    check: (result, output) => {
      assert.equal(result.exitCode, 5);
      // 3 is ls's own, of the directory it reads.
      assert.equal(output.stdout, "0 1 2 3 ");
    },
  },
  {
    number: 38,
    title: "an environment of its own, and no secret of the worker's",
    spec: {
      ...bash("env | sort | cut -d= -f1 | tr '\\n' ' '; tr '\\0' '\\n' < /proc/1/environ | grep -c SECRET; ls /root /home /mnt 2>/dev/null | wc -l"),
      env: { GIVEN: "1" },
    },
    outcome: "succeeded",
    check: (_result, output) => {
      const [names = "", rest = ""] = output.stdout.split(/(?<=_ )/);
      assert.equal(names, "CORRAL_ATTEMPT CORRAL_RUN_ID GIVEN HOME LANG PATH PWD SHLVL TMPDIR _ ");
      assert.equal(rest, "0\n0\n");
    },
  },
  {
    number: 3801,
    title: "a host of its own: a user, names, certificates, and nothing else of /etc",
    spec: bash(
      "id -un; getent hosts localhost | wc -l; test -s /etc/ld.so.cache && echo cache; awk 'BEGIN { print \"awk\" }'; date +%Z | wc -l; cat /etc/hostname /etc/shadow /etc/fstab 2>/dev/null | wc -c; touch /etc/hosts 2>/dev/null && echo wrote; exit 0",
    ),
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "script\n1\ncache\nawk\n1\n0\n"),
  },
  {
    number: 50,
    title: "PATH and working directory can't be hijacked by what it leaves in its workspace",
    spec: { ...bash("echo 'echo hijacked' > ls; chmod +x ls; ls | head -1"), env: {} },
    outcome: "succeeded",
    check: (_result, output) => assert.ok(!output.stdout.includes("hijacked")),
  },
];
