# ./build.sh serve: the companion. Without flags it serves this machine alone, on loopback.
cmd_serve() {
  need_go
  mkdir -p build
  CGO_ENABLED=0 go build -trimpath -o build/watertight-server ./server
  exec build/watertight-server "$@"
}
