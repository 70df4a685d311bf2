#!/bin/sh
# The first process of the User-Mode Linux kernel that tries what is in deploy/: makes a host whose disk is read-only and whose
# /etc, /var and units are its own, and becomes a real systemd. A unit there is one of deploy's, with another program in it.
. "$CORRAL_PROJECT/scripts/cgroup2/mounts.sh"
mkdir -p /run/units /run/etc
cp -a /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache /etc/ld.so.conf /etc/alternatives /run/etc/
mount -t tmpfs -o mode=755 tmpfs /etc
cp -a /run/etc/. /etc/
echo "corral:x:1777:1777::/var/lib/corral:/usr/sbin/nologin" >>/etc/passwd
echo "corral:x:1777:" >>/etc/group
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
mkdir -p /etc/corral
: >/etc/corral/corral.env
mount -t tmpfs -o mode=755 tmpfs /var
mkdir -p /var/lib /var/tmp /var/log
chmod 1777 /var/tmp
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir /opt/corral
mount --bind /run/project /opt/corral

for target in basic sysinit shutdown umount final poweroff network-online multi-user; do
  printf '[Unit]\nDefaultDependencies=no\n' >"/run/units/$target.target"
done
# One after the other: this kernel has one CPU.
before=basic.target
for unit in corral corral-worker; do
  cp "/opt/corral/deploy/$unit.service" /run/units/
  mkdir -p "/run/units/$unit.service.d"
  # Everything of the unit but what it starts, and whom it waits for.
  cat >"/run/units/$unit.service.d/tried.conf" <<EOF
[Unit]
DefaultDependencies=no
After=$before
[Service]
Type=oneshot
Restart=no
ExecStart=
ExecStart=-/run/node/node /opt/corral/scripts/cgroup2/unit-cases.ts $unit
StandardOutput=file:/run/$unit.out
StandardError=file:/run/$unit.err
EOF
  before=$unit.service
done
cat >/run/units/report.service <<'EOF'
[Unit]
DefaultDependencies=no
Wants=corral.service corral-worker.service
After=corral.service corral-worker.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'cat /run/corral.out /run/corral.err /run/corral-worker.out /run/corral-worker.err >/dev/console; echo JOB-RC=0 >/dev/console; busybox poweroff -f'
EOF
printf '[Unit]\nDefaultDependencies=no\nWants=report.service\n' >/run/units/default.target
exec env -i PATH="$PATH" SYSTEMD_UNIT_PATH=/run/units /lib/systemd/systemd --system --show-status=false --log-target=console --log-level=warning
