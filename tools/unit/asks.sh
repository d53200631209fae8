# Asks the unit all that it serves, reloads it and ends it; the first thing that is wrong is the last line.
unit=watertight-server at=198.51.100.53
main_pid() { systemctl show -P MainPID $unit; }
must() { # must WHAT COMMAND…: its output has to hold WHAT
  local out
  out=$("${@:2}" 2>&1)
  if [[ $out == *"$1"* ]]; then echo "ok: ${*:2}"; else echo "wrong: ${*:2} says '$out', without '$1'"; exit; fi
}
# does COMMAND…: it has to succeed, and to say nothing.
does() {
  local out code=0
  out=$("$@" 2>&1) || code=$?
  if [ "$code" = 0 ] && [ -z "$out" ]; then echo "ok: $*"; else echo "wrong: $* ends with $code and says '$out'"; exit; fi
}
does systemd-analyze verify /etc/units/$unit.service
for _ in $(seq 100); do
  pid=$(main_pid)
  kdig +timeout=1 +retry=0 @$at watertight.test SOA +short | grep -q ns1 && break
  sleep 0.1
done
must "ns1.watertight.test." kdig +timeout=2 @$at watertight.test SOA +short
must "ns1.watertight.test." kdig +tcp +timeout=2 @$at watertight.test SOA +short
must '"address":"198.51.100.53"' curl -s -m 3 http://$at/v1/exit
must "reflexive addr: $at" turnutils_stunclient -p 3478 $at
must $'CapEff:\t0000000000000000' cat "/proc/$pid/status"
must $'CapBnd:\t0000000000000400' cat "/proc/$pid/status"
must $'NoNewPrivs:\t1' cat "/proc/$pid/status"
must $'Seccomp:\t2' cat "/proc/$pid/status"
read -r _ uid _ < <(grep ^Uid: "/proc/$pid/status"); [ "$uid" -ge 61184 ] || { echo "wrong: no user of its own"; exit; } # systemd.exec(5), DynamicUser=
# What the kernel holds the running service to, as the unit has it. It has each controller in one hierarchy only: on
# a host of the old kind these two are not in ours, and systemd's word is all.
group=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
held() { # held CONTROLLER FILE PROPERTY VALUE
  must "$3=$4" systemctl show $unit -p "$3"
  if grep -qw "$1" /sys/fs/cgroup/cgroup.controllers; then must "$4" cat "$group/$2"; else echo "not to be seen here: $2 (no $1 controller in cgroup2)"; fi
}
held memory memory.max MemoryMax 1073741824
held pids pids.max TasksMax 256
does systemctl reload $unit
sleep 0.3
must "$pid" main_pid
must '"zone":"watertight.test"' curl -s -m 3 http://$at/v1/about
does systemctl stop $unit
must "Result=success" systemctl show $unit -p Result
must "ExecMainStatus=0" systemctl show $unit -p ExecMainStatus
must "NRestarts=0" systemctl show $unit -p NRestarts
echo "all as it has to be"
