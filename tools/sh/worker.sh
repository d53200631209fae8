# ./build.sh worker: the API as a Cloudflare Worker, ready to be deployed. Its manual is server/worker/README.md.

# What Cloudflare's free plan allows for a Worker, compressed. Files beside it (assets) do not count.
WORKER_LIMIT=$((3 * 1024 * 1024))

cmd_worker() {
  need_go
  need_modules
  make_worker build/worker || fail "the Worker could not be built"
  local size
  size=$(cat build/worker/bundle/*.js build/worker/bundle/*.wasm | gzip -9 | wc -c)
  say "the Worker has $size bytes compressed; the free plan takes $WORKER_LIMIT"
  [ "$size" -le "$WORKER_LIMIT" ] || fail "the Worker is too large for the free plan"
  [ "${1:-}" = --serve ] || { only -- "$@"; return; }
  shift
  go build -trimpath -o build/workerd ./tools/workerd/run || return 1
  exec build/workerd "$@"
}

# make_worker FOLDER [TAGS]: the wasm, the shell and Go's own loader in src/, the data in assets/, and what is sent to
# Cloudflare in bundle/.
make_worker() {
  local to=$1 version
  version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' extension/manifest.json)
  rm -rf "$to"
  mkdir -p "$to/assets"
  # The loader is Go's wasm_exec.js, with which the library gives each instance a context of its own.
  go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o "$to/stock" || return 1
  cp -r server/worker/shell "$to/src" || return 1
  cp "$to/stock/wasm_exec.js" "$to/src/" || return 1
  GOOS=js GOARCH=wasm go build -trimpath -tags "${2:-}" -ldflags="-s -w -buildid= -X main.release=$version" -o "$to/src/app.wasm" ./server/worker || return 1
  cp server/asn/networks.bin.zst "$to/assets/" || return 1
  # Paths in it are relative to it.
  sed "s#../../build/worker/##" server/worker/wrangler.jsonc >"$to/wrangler.jsonc" || return 1
  CI=1 WRANGLER_SEND_METRICS=false WRANGLER_LOG_PATH="$PWD/$to/log" npx --no-install wrangler deploy --dry-run \
    --config "$to/wrangler.jsonc" --outdir "$PWD/$to/bundle" >"$to/bundle.log" 2>&1 || { cat "$to/bundle.log" >&2; return 1; }
}
