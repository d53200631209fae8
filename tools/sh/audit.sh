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

# audit_db FOLDER SYMBOL: a database with one vulnerability, in that function of miekg/dns.
audit_db() {
  local at='"modified":"2026-01-01T00:00:00Z"' id=GO-2026-9999 module=github.com/miekg/dns
  mkdir -p "$1/index" "$1/ID"
  echo "{$at}" >"$1/index/db.json"
  echo "[{\"path\":\"$module\",\"vulns\":[{\"id\":\"$id\",$at}]}]" >"$1/index/modules.json"
  echo "[{\"id\":\"$id\",$at,\"aliases\":[]}]" >"$1/index/vulns.json"
  echo "{\"schema_version\":\"1.3.1\",\"id\":\"$id\",$at,\"published\":\"2026-01-01T00:00:00Z\",\"summary\":\"made up\",\"details\":\"made up\",\"affected\":[{\"package\":{\"name\":\"$module\",\"ecosystem\":\"Go\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"}]}],\"ecosystem_specific\":{\"imports\":[{\"path\":\"$module\",\"symbols\":[\"$2\"]}]}}],\"references\":[],\"database_specific\":{\"url\":\"https://example.org\",\"review_status\":\"REVIEWED\"}}" >"$1/ID/$id.json"
}
