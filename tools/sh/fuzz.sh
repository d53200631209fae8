# ./build.sh fuzz: every fuzz target in turn, ten minutes each unless told otherwise; for the night.

# What strangers' packets meet. CI gives each of these so many inputs, some twenty seconds in all; of the others it
# runs the committed corpora, as ordinary tests.
FUZZ_CI_TIME=3000x
FUZZ_CI='./server/authdns FuzzAnswer
./server/authdns FuzzFast
./server/authdns FuzzStream
./server/authdns FuzzSlip
./server/cookie FuzzCheck
./server/stund FuzzAnswer
./server/turnd FuzzAnswer
./server/turnd FuzzStream
./server/api FuzzRequest
./server/sightings FuzzNames
./server/report FuzzParse'

cmd_fuzz() {
  only --seconds -- "$@"
  local seconds
  seconds=$(value_of --seconds "$@")
  need_go
  fuzz_all "${seconds:-600}s" "$(fuzz_targets)"
}

# fuzz_targets lists them all as "package name".
fuzz_targets() {
  git ls-files -co --exclude-standard '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9]+' |
    sed -E 's#^(.*)/[^/]*:func (Fuzz.*)$#./\1 \2#' | sort
}

# fuzz_all TIME TARGETS: what breaks one does not keep the others from their time. Go leaves the input that broke
# it in testdata/fuzz, to be committed with its mend.
fuzz_all() {
  local package name failed=()
  [ -n "$2" ] || fail "there is no fuzz target"
  while read -r package name; do
    step "$package $name" fuzz_one "$1" "$package" "$name" </dev/null || failed+=("$package $name")
  done <<<"$2"
  [ ${#failed[@]} -eq 0 ] || { printf '   broken: %s\n' "${failed[@]}" >&2; return 1; }
}

fuzz_one() {
  local out
  if ! out=$(go test "$2" -run '^$' -fuzz "^$3\$" -fuzztime "$1" 2>&1); then
    # At the end of a time (not of a number), Go 1.26 at times takes its own deadline for a failure: go.dev/issue/75804.
    grep -q 'context deadline exceeded' <<<"$out" && ! grep -qE 'Failing input|panic' <<<"$out" || { say "$out"; return 1; }
  fi
  # A target that has run says how much; one that has not would pass unseen.
  grep -qE 'fuzz: elapsed.*execs: [1-9]' <<<"$out" || { say "$out"; return 1; }
}

# What CI runs.
fuzz_ci() { fuzz_all "$FUZZ_CI_TIME" "$FUZZ_CI"; }
