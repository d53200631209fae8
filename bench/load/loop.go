//go:build linux

package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const batch = 32

var errSilent = errors.New("the server does not answer rightly")

// message is struct mmsghdr of recvmmsg(2).
type message struct {
	unix.Msghdr
	size uint32
}

// loop sends and receives in batches on a connected socket, without waiting. What
// it sends the kernel cuts into datagrams (UDP_SEGMENT, udp(7)): the load must be
// cheaper than the server, or the server is never busy.
type loop struct {
	result
	raw     syscall.RawConn
	ask     func(i int, b []byte) []byte
	right   func(b []byte) bool
	size    int // of every question
	out     []byte
	in      [batch]message
	vecs    [batch]unix.Iovec
	buffers [batch][2048]byte
}

func newLoop(conn *net.UDPConn, q questions) (*loop, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("use socket: %w", err)
	}
	l := &loop{raw: raw, ask: q.ask, right: q.right}
	l.out = l.ask(0, nil)
	l.size = len(l.out)
	for i := range batch {
		l.vecs[i].Base = &l.buffers[i][0]
		l.vecs[i].SetLen(len(l.buffers[i]))
		l.in[i].Iov = &l.vecs[i]
		l.in[i].SetIovlen(1)
	}
	var option error
	if err := raw.Control(func(fd uintptr) {
		option = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT, l.size)
	}); err != nil || option != nil {
		return nil, fmt.Errorf("send in segments: %w", errors.Join(err, option))
	}
	return l, nil
}

// call makes a system call on the socket; what would wait does nothing.
func (l *loop) call(number, a, b uintptr) (done int, err error) {
	controlErr := l.raw.Control(func(fd uintptr) {
		r, _, e := unix.Syscall6(number, fd, a, b, unix.MSG_DONTWAIT, 0, 0)
		switch e {
		case 0:
			done = int(r)
		case unix.EAGAIN, unix.EINTR, unix.ECONNREFUSED: // the server may be between two lives
		default:
			err = e
		}
	})
	return done, errors.Join(err, controlErr)
}

func (l *loop) send(n int) error {
	l.out = l.out[:0]
	for i := range n {
		l.out = l.ask(l.Sent+i, l.out)
	}
	done, err := l.call(unix.SYS_SENDTO, uintptr(unsafe.Pointer(&l.out[0])), uintptr(len(l.out)))
	l.Sent += done / l.size
	return err
}

func (l *loop) receive() (int, error) {
	n, err := l.call(unix.SYS_RECVMMSG, uintptr(unsafe.Pointer(&l.in[0])), batch)
	for i := range n {
		if l.right(l.buffers[i][:l.in[i].size]) {
			l.Answered++
		} else {
			l.Wrong++
		}
	}
	return n, err
}

// warm waits until the server is up, and forgets what it took.
func (l *loop) warm() error {
	const most = 5 * time.Second
	for began := time.Now(); time.Since(began) < most; time.Sleep(patience) {
		_ = l.send(1) // refused while the server starts
		time.Sleep(patience)
		for {
			if n, err := l.receive(); n == 0 || err != nil {
				break
			}
		}
		if l.Answered > 0 {
			l.result = result{}
			return nil
		}
	}
	return fmt.Errorf("%w: %d answers, all wrong", errSilent, l.Wrong)
}

// flatOut keeps a window of questions open.
func (l *loop) flatOut(began time.Time, length time.Duration) error {
	open, heard := 0, began
	for {
		now := time.Now()
		if now.Sub(began) > length {
			return nil
		}
		before := l.Sent
		if n := min(batch, window-open); n >= batch/2 {
			if err := l.send(n); err != nil {
				return err
			}
		}
		open += l.Sent - before
		n, err := l.receive()
		if err != nil {
			return err
		}
		open = max(0, open-n)
		if n > 0 {
			heard = now
		} else if now.Sub(heard) > patience {
			open, heard = 0, now
		}
	}
}

// paced sends one by one, evenly, as the world does: each wakes the server up.
func (l *loop) paced(began time.Time, length time.Duration, rate int) error {
	gap := time.Second / time.Duration(rate)
	for next := began; ; {
		now := time.Now()
		if now.Sub(began) > length {
			return nil
		}
		if now.After(next) {
			next = next.Add(gap)
			if err := l.send(1); err != nil {
				return err
			}
		}
		if _, err := l.receive(); err != nil {
			return err
		}
	}
}
