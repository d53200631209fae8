# ./build.sh bench: performance, each figure beside its anchors of the same run.
cmd_bench() {
  local what=all json=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --json) json=--json ;;
      wasm | check | dns | stun) what=$1 ;;
      *) fail "bench knows 'wasm', 'check', 'dns' and 'stun', and --json; not '$1'" ;;
    esac
    shift
  done
  need_go
  need_modules
  mkdir -p build
  case $what in all | wasm)
    make_core build/core.wasm
    GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o build/empty.wasm ./bench/empty
    CGO_ENABLED=0 go build -trimpath -o build/judge ./bench/judge
    node bench/wasm.js $json ;;
  esac
  case $what in all | check)
    need_packages "$NEED_BROWSERS"
    need_packages "$NEED_LAB"
    make_all
    node bench/check.js $json ;;
  esac
  case $what in all | dns) bench_udp dns "$NEED_DNS_ANCHORS" $json ;; esac
  case $what in all | stun) bench_udp stun "$NEED_STUN_ANCHORS" $json ;; esac
}

NEED_DNS_ANCHORS='nsd nsd
knotd knot'
NEED_STUN_ANCHORS='turnserver coturn'

# In a network namespace of its own: its addresses are nobody else's, and its ports are free.
bench_udp() {
  [ "$(nproc)" -ge 2 ] || fail "bench $1 needs two cores: one for the server and one for the load"
  need_packages "ip iproute2
unshare util-linux
taskset util-linux"
  need_packages "$2"
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
  CGO_ENABLED=0 go build -trimpath -o build/load ./bench/load
  CGO_ENABLED=0 go build -trimpath -o build/plain ./bench/plain
  unshare --user --map-root-user --net --pid --fork --kill-child --mount-proc node bench/udp.js "$1" ${3:-}
}
