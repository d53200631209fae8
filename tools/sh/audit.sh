# ./build.sh audit: does anything that the programs call have a known vulnerability?
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0

# The database is Go's own, over the network; --db takes a copy of it (the unpacked vulndb.zip that its site
# offers), for machines without one. Without either there is no answer, and that is a failure.
cmd_audit() {
  only --db -- "$@"
  local db from=()
  db=$(value_of --db "$@")
  need_go
  if [ -n "$db" ]; then
    [ -f "$db/index/modules.json" ] || fail "$db is no copy of the Go vulnerability database: it has no index/modules.json"
    from=(-db "file://$(cd "$db" && pwd)")
  fi
  go run "$GOVULNCHECK" "${from[@]}" ./server/... ./wasm/... ./leak/...
}
