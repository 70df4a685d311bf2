#!/bin/sh
# The first process of the User-Mode Linux kernel: makes the file systems a test needs, runs it, and powers off.
# An init that returns would panic the kernel. Everything that is written goes to memory.
. "$CORRAL_PROJECT/scripts/cgroup2/mounts.sh"
cd /run/project || exit
/run/node/node scripts/cgroup2/cases.ts $(echo "$CORRAL_CASES" | tr , ' ')
echo "JOB-RC=$?"
sync
busybox poweroff -f
