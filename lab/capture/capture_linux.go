package capture

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"watertight/lab/netns"
)

// Capture listens at machines until the lab ends.
type Capture struct {
	mu     sync.Mutex
	parser Parser
}

// Start starts to listen, at several machines as if they were one.
func Start(machines ...string) (*Capture, error) {
	c := &Capture{}
	for _, machine := range machines {
		if err := c.listen(machine); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Capture) listen(machine string) error {
	const everything = unix.ETH_P_ALL<<8 | unix.ETH_P_ALL>>8 // in network order
	var file *os.File
	err := netns.Do(machine, func() error {
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, everything)
		if err != nil {
			return fmt.Errorf("open packet socket: %w", err)
		}
		file = os.NewFile(uintptr(fd), "packets of "+machine)
		// When it came, not when it was read: a busy machine reads late.
		return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
	if err != nil {
		return err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return fmt.Errorf("read packet socket: %w", err)
	}
	go func() {
		defer file.Close()
		buf, oob := make([]byte, 1<<16), make([]byte, 256)
		for {
			var n, more int
			var failed error
			if raw.Read(func(fd uintptr) bool {
				n, more, _, _, failed = unix.Recvmsg(int(fd), buf, oob, 0)
				return failed != unix.EAGAIN
			}) != nil || failed != nil {
				return
			}
			c.mu.Lock()
			c.parser.Packet(buf[:n], stamp(oob[:more]))
			c.mu.Unlock()
		}
	}()
	return nil
}

// stamp is the kernel's time of a packet (socket(7), SO_TIMESTAMPNS).
func stamp(oob []byte) time.Time {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return time.Now()
	}
	for _, m := range messages {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= 16 {
			return time.Unix(int64(binary.NativeEndian.Uint64(m.Data)), int64(binary.NativeEndian.Uint64(m.Data[8:])))
		}
	}
	return time.Now()
}

// STUN are all STUN requests so far.
func (c *Capture) STUN() []STUN {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]STUN(nil), c.parser.STUN...)
}

// Queries are all queries so far.
func (c *Capture) Queries() []Query {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Query(nil), c.parser.Queries...)
}
