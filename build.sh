#!/usr/bin/env bash
# The one command of the project: builds, runs, tests, measures and packages Watertight.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# Debian keeps nft, unbound and others where ordinary users' shells do not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
. tools/sh/say.sh
. tools/sh/need.sh
. tools/sh/make.sh

usage() {
  cat <<'TEXT'
Watertight: finds DNS and WebRTC leaks, and seals them.

  ./build.sh run      build everything, start a demo network whose VPN leaks, open a real
                      browser with the extension, click, print the verdict, save out/*.png
                        --browser chromium|firefox   --json   --headed
  ./build.sh test     everything that must hold, as CI runs it
  ./build.sh lab      leak scenarios in namespaces: [NAME…|FOLDER…|FILE…]
                        --browser chromium|firefox|all   --json   --list   --ci   --pictures
                        --nodes N   that many DNS nodes that report to one API
                        --api worker   which is the Cloudflare Worker, under workerd
                      without a browser: conformance (the companion, judged by programs
                      of others), resolvers (as six recursive resolvers see it) and
                      flood (in the name of a resolver, which has to go on)   --json
  ./build.sh fuzz     every fuzz target, ten minutes each unless told: for the night
                        --seconds N
  ./build.sh audit    known vulnerabilities in what the programs call (govulncheck)
                        --db FOLDER   a copy of the Go vulnerability database
  ./build.sh soak     the companion at half its load for half an hour, while things go wrong
                        --minutes N   --json
  ./build.sh unit     the packaged systemd unit, started by a systemd in namespaces of its own (as root)
  ./build.sh bench    performance beside its anchors: [wasm|check|watch|dns|stun|api|worker|batch|idle|memory|scale]
                        --json   scale: --api binary|worker
  ./build.sh wpt      web-platform-tests of webrtc/ with the watcher and without: DIR, a checkout
                        --browser chromium|firefox|all   --runs N   --only TEXT   --part K/N   --json
  ./build.sh serve    the companion (DNS + STUN + HTTP API); --help shows its flags
  ./build.sh worker   the API as a Cloudflare Worker, built to be deployed; prints its size
                        --networks FILE   --serve: runs it on this machine; then --http ADDRESSES --var NAME=VALUE
  ./build.sh package  dist/watertight-{chromium,firefox}.zip and the companion's tarball, the same bytes every time
                        --zone Z   --api URL
  ./build.sh dev      rebuild on change, with the browser open
                        --browser chromium|firefox

Each installs what it needs on Debian when it can (root, or a sudo that asks nothing),
and otherwise says exactly what is missing. Start with: ./build.sh run
TEXT
}

main() {
  local command=${1:-}
  [ $# -gt 0 ] && shift
  case "$command" in
    "" | help | -h | --help) usage ;;
    run | test | lab | fuzz | audit | soak | unit | bench | wpt | serve | worker | package | dev)
      . "tools/sh/$command.sh"
      "cmd_$command" "$@"
      ;;
    *)
      usage >&2
      fail "unknown command '$command'"
      ;;
  esac
}
main "$@"
