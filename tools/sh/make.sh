# The build: core (WASM), companion, lab, and the unpacked extensions, all below build/.

# The companion of the lab's networks; see lab/scenarios/README.md.
LAB_ZONE=watertight.test
LAB_API=http://watertight.test
LAB_API_SECURE=https://watertight.test

make_core() {
  mkdir -p "$(dirname "$1")"
  GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o "$1" ./wasm
}

# make_extension BROWSER OUT ZONE API [ZIP]
make_extension() {
  go run ./tools/extension --browser "$1" --out "$2" --zone "$3" --api "$4" --wasm build/core.wasm ${5:+--zip "$5"}
}

# make_server builds what needs no browser: the companion and the lab.
make_server() {
  mkdir -p build
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server || return 1
  CGO_ENABLED=0 go build -trimpath -o build/lab ./lab
}

# make_secure builds what scenarios with https need: the test server of Let's Encrypt, and the extension for such a companion.
make_secure() {
  local browser
  CGO_ENABLED=0 go build -C tests/pebble -trimpath -o "$PWD/build/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble || return 1
  for browser in chromium firefox; do
    make_extension "$browser" "build/https-$browser" "$LAB_ZONE" "$LAB_API_SECURE" || return 1
  done
}

# make_all builds what `run`, `lab` and `test` use. One build at a time; running labs keep the files they opened.
make_all() {
  mkdir -p build out
  exec 9>build/.lock
  flock 9
  local began=$SECONDS browser
  say "── building"
  # `test` calls this where the shell does not stop at errors, so each line says what its failure means.
  make_core build/core.wasm || return 1
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server || return 1
  CGO_ENABLED=0 go build -trimpath -o build/lab ./lab || return 1
  for browser in chromium firefox; do
    make_extension "$browser" "build/$browser" "$LAB_ZONE" "$LAB_API" || return 1
    make_extension "$browser" "build/loopback-$browser" "" "http://127.0.0.1:8053" || return 1
  done
  exec 9>&-
  say "   ok, $((SECONDS - began)) s"
}
