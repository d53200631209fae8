# ./build.sh package: the zips for the stores, the same bytes on every machine.
cmd_package() {
  only --zone --api -- "$@"
  need_go
  local zone api browser
  zone=$(value_of --zone "$@")
  api=$(value_of --api "$@")
  if [ -z "$api" ]; then
    if [ -n "$zone" ]; then api="https://$zone"; else api=http://127.0.0.1:8053; fi
  fi
  mkdir -p build dist
  make_core build/core.wasm || return 1
  for browser in chromium firefox; do
    make_extension "$browser" "build/package-$browser" "$zone" "$api" "dist/watertight-$browser.zip" || return 1
  done
  (cd dist && sha256sum watertight-*.zip)
}
