# ./build.sh package: the zips for the stores and the companion's tarball, the same bytes on every machine.
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
  package_server || return 1
  (cd dist && sha256sum watertight-*.zip watertight-server-*.tar.gz)
}

# The tarball is unpacked at /: the binary, its unit and its documents. Owners, times and order are fixed.
package_server() {
  local version target root
  version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' extension/manifest.json)
  target=$(go env GOOS)-$(go env GOARCH)
  root=build/package-server
  rm -rf "$root" dist/watertight-server-*.tar.gz
  mkdir -p "$root"/usr/local/{bin,lib/systemd/system,share/doc/watertight-server} "$root/etc" || return 1
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -buildid= -X main.release=$version" \
    -o "$root/usr/local/bin/watertight-server" ./server || return 1
  install -m 644 server/package/watertight-server.service "$root/usr/local/lib/systemd/system/" || return 1
  install -m 644 server/package/watertight-server.conf "$root/etc/watertight-server.conf.example" || return 1
  install -m 644 server/README.md PRIVACY.md LICENSE NOTICE "$root/usr/local/share/doc/watertight-server/" || return 1
  chmod 755 "$root/usr/local/bin/watertight-server" || return 1
  # Files only: unpacking must not change folders that the system has.
  (cd "$root" && find . -type f -printf '%P\n' | LC_ALL=C sort | tar --owner=0 --group=0 --numeric-owner --mtime=@0 --format=ustar -T - -cf -) |
    gzip -n -9 >"dist/watertight-server-$version-$target.tar.gz"
}
