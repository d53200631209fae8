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
tinyproxy tinyproxy
openvpn openvpn
named bind9
kresd knot-resolver
pdns_recursor pdns-recursor
dnsmasq dnsmasq-base
tayga tayga
radvd radvd
rdnssd rdnssd
dig dnsutils
curl curl'

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
  # Some packages start a daemon when they are installed; policy-rc.d of the image or this refuses that.
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install: ${missing[*]}"
}
