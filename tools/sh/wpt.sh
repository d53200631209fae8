# ./build.sh wpt DIR: the web-platform-tests of webrtc/ from a checkout, with the watcher and without it.
cmd_wpt() {
  local checkout=${1:-} browser worst=0
  [ -n "$checkout" ] && [ -d "$checkout/webrtc" ] || fail "wpt needs a checkout of github.com/web-platform-tests/wpt that has webrtc/, resources/, common/ and interfaces/; not '$checkout'"
  shift
  browser=$(value_of --browser "$@")
  need_go
  need_modules
  need_packages "$NEED_BROWSERS"
  make_all
  local args=() runs only part
  runs=$(value_of --runs "$@")
  only=$(value_of --only "$@")
  part=$(value_of --part "$@")
  [ -z "$runs" ] || args+=(--runs "$runs")
  [ -z "$only" ] || args+=(--only "$only")
  [ -z "$part" ] || args+=(--part "$part")
  case " $* " in *" --json "*) args+=(--json) ;; esac
  for browser in $(case "${browser:-all}" in all) echo chromium firefox ;; *) echo "$browser" ;; esac); do
    node e2e/wpt.js --checkout "$checkout" --browser "$browser" --extension "build/$browser" "${args[@]}" || worst=1
  done
  return $worst
}
