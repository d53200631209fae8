# ./build.sh lab: leak scenarios with real browsers in networks of namespaces.
. tools/sh/worker.sh

cmd_lab() {
  need_go
  case " $* " in
    *" --list "*) go run ./lab scenarios "$@"; return ;;
  esac
  case "${1:-}" in
    conformance | resolvers | flood) # no browser
      need_packages "$NEED_LAB"
      need_packages "$NEED_MATRIX"
      need_packages "$NEED_CONFORMANCE"
      make_server || return 1
      build/lab "$@"
      return ;;
  esac
  need_modules
  need_packages "$NEED_BROWSERS"
  need_packages "$NEED_LAB"
  need_packages "$NEED_MATRIX"
  make_all
  make_secure
  case " $* " in *" --api worker "* | *" --api=worker "*) make_workerd || fail "the Worker could not be built" ;; esac
  build/lab scenarios "$@"
}
