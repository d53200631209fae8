# ./build.sh worker: the API as a Cloudflare Worker, ready to be deployed. Its manual is server/worker/README.md.

# What Cloudflare's free plan allows for a Worker, compressed. Files beside it (assets) do not count.
WORKER_LIMIT=$((3 * 1024 * 1024))

cmd_worker() {
  local serve="" networks="" rest=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --serve) serve=1 ;;
      --networks) networks=${2:?--networks needs a file}; shift ;;
      *) rest+=("$1") ;;
    esac
    shift
  done
  [ -n "$serve" ] || only -- "${rest[@]}"
  need_go
  need_modules
  make_worker build/worker || fail "the Worker could not be built"
  if [ -n "$networks" ]; then cp "$networks" build/worker/assets/networks.csv || fail "cannot read $networks"; fi
  fits build/worker || fail "the Worker is too large for the free plan"
  [ -n "$serve" ] || return 0
  make_runner || return 1
  exec build/workerd "${rest[@]}"
}

# fits FOLDER
fits() {
  local size
  size=$(cat "$1"/bundle/*.js "$1"/bundle/*.wasm | gzip -9 | wc -c)
  say "   the Worker has $size bytes compressed; the free plan takes $WORKER_LIMIT"
  [ "$size" -le "$WORKER_LIMIT" ]
}

make_runner() { go build -trimpath -o build/workerd ./tools/workerd/run; }

# make_workerd: the Worker, and what runs it here.
make_workerd() { make_worker build/worker && make_runner; }

# make_worker FOLDER [TAGS]: the wasm, the shell and Go's own loader in src/, the data in assets/, and what is sent to
# Cloudflare in bundle/.
make_worker() {
  local to=$1 version
  version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' extension/manifest.json)
  rm -rf "$to"
  mkdir -p "$to/assets/networks"
  # The loader is Go's wasm_exec.js, with which the library gives each instance a context of its own.
  go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o "$to/stock" || return 1
  cp -r server/worker/shell "$to/src" || return 1
  cp "$to/stock/wasm_exec.js" "$to/src/" || return 1
  GOOS=js GOARCH=wasm go build -trimpath -tags "${2:-}" -ldflags="-s -w -buildid= -X main.release=$version" -o "$to/src/app.wasm" ./server/worker || return 1
  go run ./server/asn/cut/write --to "$to/assets/networks" || return 1
  # Paths in it are relative to it.
  sed "s#../../build/worker/##" server/worker/wrangler.jsonc >"$to/wrangler.jsonc" || return 1
  CI=1 WRANGLER_SEND_METRICS=false WRANGLER_LOG_PATH="$PWD/$to/log" npx --no-install wrangler deploy --dry-run \
    --config "$to/wrangler.jsonc" --outdir "$PWD/$to/bundle" >"$to/bundle.log" 2>&1 || { cat "$to/bundle.log" >&2; return 1; }
}
