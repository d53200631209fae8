# ./build.sh lab: leak scenarios with real browsers in networks of namespaces.
cmd_lab() {
  need_go
  case " $* " in
    *" --list "*) go run ./lab scenarios "$@"; return ;;
  esac
  need_modules
  need_packages "$NEED_BROWSERS"
  need_packages "$NEED_LAB"
  need_packages "$NEED_MATRIX"
  make_all
  build/lab scenarios "$@"
}
