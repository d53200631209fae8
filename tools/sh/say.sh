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

# only KNOWN… -- "$@" refuses every flag that is not known and every word that is no flag's value.
only() {
  local known=()
  while [ "$1" != -- ]; do
    known+=("$1")
    shift
  done
  shift
  while [ $# -gt 0 ]; do
    case " ${known[*]} " in
      *" ${1%%=*} "*) ;;
      *) fail "'$1' is not known here; there are: ${known[*]:-no flags}" ;;
    esac
    case "$1" in *=*) shift ;; *) shift; [ $# -eq 0 ] || shift ;; esac
  done
}

# value_of FLAG "$@" prints what follows FLAG (or FLAG=…) in the arguments, nothing if it is absent.
value_of() {
  local flag=$1
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      "$flag")
        [ $# -gt 1 ] && [ "${2#--}" = "$2" ] || fail "$flag needs a value"
        printf '%s' "$2"
        return
        ;;
      "$flag="*) printf '%s' "${1#*=}"; return ;;
    esac
    shift
  done
}
