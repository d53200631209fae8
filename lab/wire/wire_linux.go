// Package wire is a link between two namespaces that delays and loses packets.
//
// Many kernels come without the netem queue, so the lab carries the packets of
// a slow link itself: a tun device at each end, and a queue between them. Not
// a model of a radio link: every packet waits the same time, and losses are
// independent.
package wire

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"watertight/lab/netns"
)

// End is one end of a wire.
type End struct{ Namespace, Interface string }

// queue bounds what is under way; beyond it packets are dropped, as a router
// with a full buffer does.
const queue = 4096

const mtu = 1500

type packet struct {
	due  time.Time
	data []byte
}

// Lay connects two ends until the process ends.
func Lay(a, b End, delay time.Duration, loss float64) error {
	left, err := open(a)
	if err != nil {
		return err
	}
	right, err := open(b)
	if err != nil {
		return err
	}
	go carry(left, right, delay, loss)
	go carry(right, left, delay, loss)
	return nil
}

func open(e End) (*os.File, error) {
	var file *os.File
	err := netns.Do(e.Namespace, func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("open /dev/net/tun: %w", err)
		}
		req, err := unix.NewIfreq(e.Interface)
		if err != nil {
			return fmt.Errorf("name tun device: %w", err)
		}
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, req); err != nil {
			return fmt.Errorf("make tun device %s in %s: %w", e.Interface, e.Namespace, err)
		}
		if err := unix.SetNonblock(fd, true); err != nil {
			return fmt.Errorf("set tun device: %w", err)
		}
		file = os.NewFile(uintptr(fd), e.Interface)
		return nil
	})
	return file, err
}

func carry(from, to *os.File, delay time.Duration, loss float64) {
	waiting := make(chan packet, queue)
	go deliver(to, waiting)
	buf := make([]byte, mtu+64)
	for {
		n, err := from.Read(buf)
		if err != nil {
			if os.IsTimeout(err) || isDown(err) {
				time.Sleep(10 * time.Millisecond) // the link is down for now
				continue
			}
			return
		}
		if rand.Float64() < loss {
			continue
		}
		select {
		case waiting <- packet{time.Now().Add(delay), append([]byte(nil), buf[:n]...)}:
		default:
		}
	}
}

func deliver(to *os.File, waiting <-chan packet) {
	for p := range waiting {
		time.Sleep(time.Until(p.due))
		// A packet for a link that is down is lost, as on a real one.
		_, _ = to.Write(p.data)
	}
}

func isDown(err error) bool {
	pathErr, ok := err.(*os.PathError)
	return ok && (pathErr.Err == unix.EIO || pathErr.Err == unix.EBADFD)
}
