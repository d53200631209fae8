# ./build.sh bench: performance, each figure beside its anchors of the same run.
. tools/sh/worker.sh

cmd_bench() {
  local what=all json="" api=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --json) json=--json ;;
      --api) api=${2:-}; shift ;;
      wasm | check | watch | dns | stun | api | worker | batch | idle | memory | scale) what=$1 ;;
      *) fail "bench knows wasm, check, watch, dns, stun, api, worker, batch, idle, memory and scale, and --json; not '$1'" ;;
    esac
    shift
  done
  case $what-$api in *- | scale-binary | scale-worker) ;; *) fail "bench scale knows --api binary and --api worker" ;; esac
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
  case $what in all | watch)
    need_packages "$NEED_BROWSERS"
    make_all
    node bench/watch.js $json ;;
  esac
  case $what in all | api)
    [ "$(nproc)" -ge 2 ] || fail "bench api needs two cores: one for the server and one for the load"
    need_packages "ip iproute2
unshare util-linux
taskset util-linux"
    CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
    CGO_ENABLED=0 go build -trimpath -o build/web ./bench/web
    unshare --user --map-root-user --net --pid --fork --kill-child --mount-proc node bench/api.js $json ;;
  esac
  case $what in all | scale)
    CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
    CGO_ENABLED=0 go build -trimpath -o build/scale ./bench/scale
    if [ "$api" = worker ]; then
      make_worker build/worker || fail "the Worker could not be built"
      build/scale --worker $json
    else
      build/scale $json
    fi ;;
  esac
  case $what in all | worker)
    [ "$(nproc)" -ge 2 ] || fail "bench worker needs two cores: one for the server and one for the load"
    need_modules
    need_packages "ip iproute2
unshare util-linux
taskset util-linux
pgrep procps"
    make_worker build/worker && make_stock build/stock || fail "the Workers could not be built"
    CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
    CGO_ENABLED=0 go build -trimpath -o build/web ./bench/web
    make_runner || return 1
    unshare --user --map-root-user --net --pid --fork --kill-child --mount-proc node bench/worker.js $json ;;
  esac
  case $what in all | memory)
    go build -trimpath -o build/pause ./bench/pause
    node bench/memory.js $json ;;
  esac
  case $what in all | dns)
    # A module of its own: its hundred dependencies are none of the project's.
    (cd bench/coredns && CGO_ENABLED=0 go build -trimpath -o ../../build/coredns .) || fail "CoreDNS could not be built"
    bench_udp dns "$NEED_DNS_ANCHORS" udp.js dns $json ;;
  esac
  case $what in all | stun) bench_udp stun "$NEED_STUN_ANCHORS" udp.js stun $json ;; esac
  case $what in all | batch) bench_udp batch "" udp.js batch $json ;; esac
  case $what in all | idle) bench_udp idle "" idle.js $json ;; esac
}

NEED_DNS_ANCHORS='nsd nsd
knotd knot'
NEED_STUN_ANCHORS='turnserver coturn'

# make_stock FOLDER: the library's own entry, to compare with.
make_stock() {
  go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o "$1" || return 1
  GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o "$1/app.wasm" ./bench/stock || return 1
  cp bench/stock/config.capnp "$1/"
}

# bench_udp NAME PACKAGES SCRIPT ARGUMENTS… runs a script in a network namespace of its own: its addresses are
# nobody else's, and its ports are free.
bench_udp() {
  [ "$(nproc)" -ge 2 ] || fail "bench $1 needs two cores: one for the server and one for the load"
  need_packages "ip iproute2
unshare util-linux
taskset util-linux"
  [ -z "$2" ] || need_packages "$2"
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
  local tool
  for tool in load plain batch hold; do
    CGO_ENABLED=0 go build -trimpath -o "build/$tool" "./bench/$tool"
  done
  ulimit -n "$(ulimit -Hn)" # thousands of connections are files
  unshare --user --map-root-user --net --pid --fork --kill-child --mount-proc node "bench/$3" "${@:4}"
}
