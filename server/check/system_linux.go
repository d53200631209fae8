package check

import "golang.org/x/sys/unix"

// Clock asks the kernel (adjtimex(2)), which reading does not change.
func Clock() (kept, known bool) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0, err == nil
}
