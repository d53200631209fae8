# ./build.sh bench: performance, each figure beside its anchors of the same run.
cmd_bench() {
  local what=all json=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --json) json=--json ;;
      wasm | check) what=$1 ;;
      *) fail "bench knows 'wasm' and 'check', and --json; not '$1'" ;;
    esac
    shift
  done
  need_go
  need_modules
  mkdir -p build
  if [ "$what" != check ]; then
    make_core build/core.wasm
    GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o build/empty.wasm ./bench/empty
    CGO_ENABLED=0 go build -trimpath -o build/judge ./bench/judge
    node bench/wasm.js $json
  fi
  if [ "$what" != wasm ]; then
    need_packages "$NEED_BROWSERS"
    need_packages "$NEED_LAB"
    make_all
    node bench/check.js $json
  fi
}
