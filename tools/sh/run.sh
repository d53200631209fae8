# ./build.sh run: the main job, seen with one's own eyes.
cmd_run() {
  need_go
  need_modules
  need_packages "$NEED_BROWSERS"
  need_packages "$NEED_LAB"
  make_all
  build/lab run "$@"
}
