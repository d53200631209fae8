# A small system around the packaged unit, made of this one's /usr and the tarball; then its systemd. See main.go.
set -euo pipefail
folder=$1
mount --make-rprivate /
root=$folder/root
mkdir -p "$root"
mount -t tmpfs none "$root"
here=$PWD
cd "$root"
mkdir -p usr proc sys dev run tmp etc/units var/lib var/tmp root home old found
for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done
mount --bind /usr usr
mount -o remount,bind,ro usr
mount -t tmpfs none usr/local
tar -xzf "$here"/dist/watertight-server-*.tar.gz --no-same-owner
cp -a /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache etc/
echo 0123456789abcdef0123456789abcdef >etc/machine-id
mount -t proc proc proc
mount --rbind /sys sys
mount -t tmpfs none sys/fs/cgroup
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs none dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts dev/mqueue dev/hugepages
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 none run
mount --bind "$folder" found
ip link set lo up
ip address add 198.51.100.53/32 dev lo

# The unit as it is, and of the others only their names.
cp usr/local/lib/systemd/system/watertight-server.service etc/units/
for target in basic sysinit shutdown multi-user network-online rescue emergency; do
  printf '[Unit]\nDescription=%s\n' "$target" >"etc/units/$target.target"
done
printf '[Unit]\nDescription=asks\nWants=watertight-server.service asks.service\n' >etc/units/asks.target
cp "$here/tools/unit/asks.sh" etc/asks.sh
cat >etc/units/asks.service <<'TEXT'
[Service]
Type=oneshot
ExecStart=/bin/bash /etc/asks.sh
StandardOutput=file:/found/found
StandardError=file:/found/errors
TEXT
echo 'OPTIONS=--zone watertight.test --ip4 198.51.100.53 --dns 198.51.100.53:53 --stun 198.51.100.53:3478 --http 198.51.100.53:80' >etc/watertight-server.conf
pivot_root . old
cd /
umount -l /old
exec env -i container=other SYSTEMD_UNIT_PATH=/etc/units PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=asks.target --show-status=no
