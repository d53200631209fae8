# ./build.sh test: everything that must hold, as CI runs it. Cheap steps first; a failed step does not hide the next ones.
. tools/sh/fuzz.sh
. tools/sh/worker.sh
. tools/sh/audit.sh

cmd_test() {
  only -- "$@"
  local began=$SECONDS failed=() passed=0
  need_go
  need_modules
  need_packages "$NEED_BROWSERS"
  need_packages "$NEED_LAB"
  need_packages "$NEED_MATRIX"
  need_packages "$NEED_OPERATORS"
  need_packages "$NEED_CONFORMANCE"
  check() {
    if step "$@"; then passed=$((passed + 1)); else failed+=("$1"); fi
  }
  check "formatting of Go" test_gofmt
  check "go vet" go vet ./...
  check "build" make_all
  check "build of what https needs" make_secure
  check "Go tests" go test ./...
  check "Go tests with the race detector (server)" go test -race ./server/...
  check "fuzzing of what strangers send" fuzz_ci
  check "Go tests of the core under js/wasm" test_wasm
  check "address data equal to the pinned packages" go run ./server/asn/build --check
  check "audit finds what is called, and only that" test_audit
  check "ESLint" npx --no-install eslint --max-warnings 0 .
  check "types of the JavaScript" npx --no-install tsc --noEmit
  check "unit tests of the extension" node --test --test-force-exit --test-concurrency=2 tests/extension/*.test.js
  check "unit tests of the Worker's shell" node --test tests/worker/*.test.js
  check "the Worker, under the engine that runs it at Cloudflare's" test_worker
  check "packages are reproducible" test_reproducible
  check "web-ext lint" npx --no-install web-ext lint --source-dir build/firefox --no-config-discovery
  check "commands of the README" test_readme
  check "the companion, judged by programs of others" build/lab conformance
  check "the companion, as six resolvers see it" build/lab resolvers
  check "resolvers go on while the companion is flooded in their name" build/lab flood
  for browser in chromium firefox; do
    check "faults in $browser" node e2e/faults.js --browser "$browser" --extension "build/loopback-$browser"
  done
  check "leak scenarios in both browsers" build/lab scenarios --ci --browser all
  check "a leak in both browsers, with the Worker in the place of the API" test_lab_worker
  say "── $((SECONDS - began)) s in all"
  [ ${#failed[@]} -eq 0 ] || printf '   failed: %s\n' "${failed[@]}" >&2
  printf '%d passed, %d failed\n' "$passed" "${#failed[@]}"
  [ ${#failed[@]} -eq 0 ]
}

test_gofmt() {
  local files off
  files=$(git ls-files '*.go') && [ -n "$files" ] || return 1
  off=$(gofmt -l $files) || return 1
  [ -z "$off" ] || { say "gofmt would change: $off"; return 1; }
}

test_wasm() {
  GOOS=js GOARCH=wasm go test -exec="$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./leak/... ./wasm/...
}

# The Worker as it is deployed, and a build that can be broken and forgets after four seconds.
test_worker() {
  make_worker build/worker && fits build/worker && make_worker build/worker-breakable faulty,forgetful || return 1
  go vet -tags workerd ./tests/worker && GOOS=js GOARCH=wasm go vet -tags faulty ./server/worker || return 1
  go test -tags workerd -count=1 ./tests/worker
}

test_lab_worker() { make_runner && build/lab scenarios --api worker --browser all nodes; }

# With databases of the test's own: a function that the server calls, one that nobody does, and none at all.
test_audit() {
  local folder out code=0
  folder=$(mktemp -d)
  audit_db "$folder/called" Msg.Unpack
  audit_db "$folder/idle" NobodyCallsThis
  mkdir "$folder/none"
  out=$(./build.sh audit --db "$folder/called" 2>&1) && { say "audit passes over what is called"; code=1; }
  [[ $out == *GO-2026-9999*"dns.Msg.Unpack"* ]] || { say "audit does not name it: $out"; code=1; }
  out=$(./build.sh audit --db "$folder/idle" 2>&1) || { say "audit minds what nobody calls: $out"; code=1; }
  out=$(./build.sh audit --db "$folder/none" 2>&1) && { say "audit takes any folder for a database"; code=1; }
  [[ $out == *"no copy of the Go vulnerability database"* ]] || { say "audit does not say what is wrong: $out"; code=1; }
  rm -rf "$folder"
  return $code
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

# Every command and flag that a document shows must be one that build.sh knows, and the quick ones are run.
test_readme() {
  local usage line word flag docs=(README.md ARCHITECTURE.md server/README.md server/worker/README.md lab/scenarios/README.md)
  usage=$(./build.sh) || return 1
  while read -r line; do
    word=$(awk '{print $2}' <<<"$line")
    grep -qE "^  \./build\.sh $word( |\$)" <<<"$usage" || { say "a document shows '$line', and ./build.sh does not know '$word'"; return 1; }
    [ "$word" = serve ] && continue # its own flags; a Go test runs the examples of server/README.md
    for flag in $(grep -oE -- '--[a-z]+' <<<"$line"); do
      grep -q -- "$flag" <<<"$usage" || { say "a document shows '$line', and ./build.sh does not know '$flag'"; return 1; }
    done
  done < <(grep -ohE '\./build\.sh [a-z]+[^`|]*' "${docs[@]}")
  ./build.sh lab --list >/dev/null && ./build.sh package --zone leak.example.org >/dev/null || return 1
  if ./build.sh package --zon leak.example.org >/dev/null 2>&1; then say "package takes a flag that does not exist"; return 1; fi
}
