# ./build.sh unit: the packaged unit, started by a systemd in namespaces of its own, with all of its sandbox.
. tools/sh/package.sh

cmd_unit() {
  only -- "$@"
  need_go
  need_packages 'systemd-analyze systemd
systemctl systemd
kdig knot-dnsutils
turnutils_stunclient coturn
curl curl
ip iproute2'
  mkdir -p build dist
  package_server || return 1
  # Exposure in tenths: what systemd thinks the sandbox leaves open.
  systemd-analyze security --no-pager --offline=yes --threshold=20 server/package/watertight-server.service | tail -1 || return 1
  local folder code=0
  folder=$(mktemp -d)
  CGO_ENABLED=0 go build -trimpath -o build/unit ./tools/unit && build/unit "$folder" || code=1
  rm -rf "$folder"
  return $code
}
