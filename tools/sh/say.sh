# How the scripts speak: progress on stderr, so that --json leaves stdout to the data.

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'build.sh: %s\n' "$*" >&2
  exit 2
}

# step NAME COMMAND… runs one named step, shows how long it took, and on failure names it.
step() {
  local name=$1 began=$SECONDS
  shift
  say "── $name"
  if "$@"; then
    say "   ok, $((SECONDS - began)) s"
  else
    say "   FAILED after $((SECONDS - began)) s: $name"
    return 1
  fi
}

# value_of FLAG "$@" prints what follows FLAG (or FLAG=…) in the arguments, nothing if it is absent.
value_of() {
  local flag=$1
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      "$flag") [ $# -gt 1 ] || fail "$flag needs a value"; printf '%s' "$2"; return ;;
      "$flag="*) printf '%s' "${1#*=}"; return ;;
    esac
    shift
  done
}
