# ./build.sh lab: leak scenarios with real browsers in networks of namespaces.
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
  build/lab scenarios "$@"
}
