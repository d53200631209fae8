# ./build.sh test: everything that must hold, as CI runs it. Cheap steps first; a failed step does not hide the next ones.
cmd_test() {
  local began=$SECONDS failed=() passed=0
  need_go
  need_modules
  need_packages "$NEED_BROWSERS"
  need_packages "$NEED_LAB"
  need_packages "$NEED_MATRIX"
  check() {
    if step "$@"; then passed=$((passed + 1)); else failed+=("$1"); fi
  }
  check "formatting of Go" test_gofmt
  check "go vet" go vet ./...
  check "build" make_all
  check "Go tests" go test ./...
  check "Go tests with the race detector (server)" go test -race ./server/...
  check "Go tests of the core under js/wasm" test_wasm
  check "address data equal to the pinned packages" go run ./server/asn/build --check
  check "ESLint" npx --no-install eslint --max-warnings 0 .
  check "types of the JavaScript" npx --no-install tsc --noEmit
  check "unit tests of the extension" node --test tests/extension/*.test.js
  check "packages are reproducible" test_reproducible
  check "web-ext lint" npx --no-install web-ext lint --source-dir build/firefox --no-config-discovery
  check "commands of the README" test_readme
  for browser in chromium firefox; do
    check "faults in $browser" node e2e/faults.js --browser "$browser" --extension "build/loopback-$browser"
  done
  check "leak scenarios in both browsers" build/lab scenarios --ci --browser all
  say "── $((SECONDS - began)) s in all"
  [ ${#failed[@]} -eq 0 ] || printf '   failed: %s\n' "${failed[@]}" >&2
  printf '%d passed, %d failed\n' "$passed" "${#failed[@]}"
  [ ${#failed[@]} -eq 0 ]
}

test_gofmt() {
  local off
  off=$(gofmt -l $(git ls-files '*.go'))
  [ -z "$off" ] || { say "gofmt would change: $off"; return 1; }
}

test_wasm() {
  GOOS=js GOARCH=wasm go test -exec="$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./leak/... ./wasm/...
}

# Two builds in two folders must give the same bytes.
test_reproducible() {
  local copy first second
  copy=$(mktemp -d)
  git ls-files -co --exclude-standard -z | tar --null -T - -cf - | tar -xf - -C "$copy"
  first=$(./build.sh package --zone watertight.test)
  second=$("$copy/build.sh" package --zone watertight.test)
  rm -rf "$copy"
  [ -n "$first" ] && [ "$first" = "$second" ] || { say "$first"; say "$second"; return 1; }
}

# Every ./build.sh command that a document shows must be one that build.sh knows.
test_readme() {
  local word unknown=0
  for word in $(grep -ohE '\./build\.sh [a-z]+' README.md ARCHITECTURE.md server/README.md lab/scenarios/README.md | awk '{print $2}' | sort -u); do
    [ -f "tools/sh/$word.sh" ] || { say "a document shows './build.sh $word', which does not exist"; unknown=1; }
  done
  return $unknown
}
