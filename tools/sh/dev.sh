# ./build.sh dev: the companion on loopback and a browser with the extension, built anew at every change.
cmd_dev() {
  if [ "${1:-}" = --once ]; then
    make_dev "$2"
    return
  fi
  only --browser -- "$@"
  local browser
  browser=$(value_of --browser "$@")
  browser=${browser:-chromium}
  case "$browser" in chromium | firefox) ;; *) fail "--browser is chromium or firefox, not '$browser'" ;; esac
  need_go
  need_modules
  need_packages "$NEED_BROWSERS"
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || fail "dev opens a window, and there is no display"
  exec node tools/dev.js "$browser"
}

# What dev runs at each change: only the parts that the browser and the companion on loopback need.
make_dev() {
  mkdir -p build
  make_core build/core.wasm
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
  make_extension "$1" "build/loopback-$1" "" "http://127.0.0.1:8053"
}
