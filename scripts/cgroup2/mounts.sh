# Sourced by both first processes of User-Mode Linux kernels: the file systems that every host has, and the project bound
# aside at /run/project with its interpreter at /run/node/node, since scripts run it under a uid of their own and the host's disk
# mangles ownership.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755 dev /dev
for node in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0" "console 5 1" "kmsg 1 11"; do
  set -- $node
  mknod -m 666 "/dev/$1" c "$2" "$3"
done
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/project /run/node
# Before a fresh /tmp covers it, should it lie there.
mount --bind "$CORRAL_PROJECT" /run/project
cp "$CORRAL_NODE" /run/node/node
mount -t tmpfs -o mode=1777 tmpfs /tmp
ip link set lo up
