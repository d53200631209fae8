# ./build.sh soak: the companion under half its load, with faults; see bench/soak.js.
. tools/sh/bench.sh

cmd_soak() {
  local minutes json="" rest=()
  for minutes in "$@"; do
    if [ "$minutes" = --json ]; then json=--json; else rest+=("$minutes"); fi
  done
  only --minutes -- "${rest[@]}"
  minutes=$(value_of --minutes "${rest[@]}")
  need_go
  need_node
  need_packages "nft nftables
tc iproute2"
  mkdir -p build
  local tool
  for tool in flows jump; do
    CGO_ENABLED=0 go build -trimpath -o "build/$tool" "./bench/$tool"
  done
  bench_udp soak "" soak.js --minutes "${minutes:-30}" $json
}
