# What each command needs, and how it gets there: Debian packages by apt, npm packages by the lock file.

GO_MIN=1.26
NODE_MIN=20

# Each line: the program that must be on the PATH (or the file that must exist), then its Debian package.
NEED_BROWSERS='chromium chromium
firefox-esr firefox-esr
/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core'
NEED_LAB='ip iproute2
nft nftables
unbound unbound
wg wireguard-tools
wireguard-go wireguard-go
microsocks microsocks
dig dnsutils
curl curl'
# What only the whole matrix of scenarios needs: other tunnels, other resolvers, other access networks.
NEED_MATRIX='openvpn openvpn
tinyproxy tinyproxy
named bind9
kresd knot-resolver
pdns_recursor pdns-recursor
dnsmasq dnsmasq-base
tayga tayga
radvd radvd
rdnssd rdnssd'

# What judges the companion and was not written by us.
NEED_CONFORMANCE='dig dnsutils
delv dnsutils
kdig knot-dnsutils
dnsviz dnsviz
turnutils_stunclient coturn'

# What the tests of the companion as a service need.
NEED_OPERATORS='systemd-analyze systemd
strace strace'

need_go() {
  command -v go >/dev/null || fail "Go $GO_MIN or newer is missing: https://go.dev/dl/"
  local have
  have=$(go env GOVERSION | sed 's/^go//')
  [ "$(printf '%s\n%s\n' "$GO_MIN" "$have" | sort -V | head -n 1)" = "$GO_MIN" ] || fail "Go $GO_MIN or newer is needed, this is $have"
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js $NODE_MIN or newer with npm is missing: https://nodejs.org/"
  local have
  have=$(node -p 'process.versions.node.split(".")[0]')
  [ "$have" -ge "$NODE_MIN" ] || fail "Node.js $NODE_MIN or newer is needed, this is $have"
}

# need_modules installs the development tools of package-lock.json once per lock file.
need_modules() {
  need_node
  if [ -f node_modules/.watertight ] && cmp -s package-lock.json node_modules/.watertight; then return; fi
  say "── installing the development tools (npm)"
  npm ci --no-audit --no-fund --loglevel=error >&2 || fail "npm could not install the development tools"
  cp package-lock.json node_modules/.watertight
}

# need_packages LIST installs the Debian packages whose programs are not there.
need_packages() {
  local program package missing=()
  while read -r program package; do
    command -v "$program" >/dev/null || [ -e "$program" ] || missing+=("$package")
  done <<<"$1"
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "missing, and no apt-get to install them: ${missing[*]}"
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || fail "missing, and no right to install them: ${missing[*]}  (as root: apt-get install ${missing[*]})"
    as=(sudo)
  fi
  say "── installing ${missing[*]}"
  "${as[@]}" apt-get update -qq >&2 || say "   apt-get update failed; trying with the lists that are there"
  install_quietly "${missing[@]}" || fail "apt-get could not install: ${missing[*]}"
}

# install_quietly PACKAGE… installs programs without their daemons: a resolver that the lab starts in a
# network of its own must not listen on this machine, now or after the next boot. A package that is there
# already is the owner's, and its services are left alone.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d made= result=0 package unit new=()
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || new+=("$package")
  done
  if [ ! -e "$policy" ]; then
    made=1
    trap '"${as[@]}" rm -f /usr/sbin/policy-rc.d; exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | "${as[@]}" tee "$policy" >/dev/null
    "${as[@]}" chmod 755 "$policy"
  fi
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 || result=1
  if [ -n "$made" ]; then
    "${as[@]}" rm -f "$policy"
    trap - INT TERM
  fi
  if [ -d /run/systemd/system ]; then
    for package in "${new[@]}"; do
      dpkg -L "$package" 2>/dev/null | sed -n 's#.*/systemd/system/\([^/@]*\.service\)$#\1#p' | while read -r unit; do
        "${as[@]}" systemctl disable -q "$unit" >&2 || true
      done
    done
  fi
  return $result
}
