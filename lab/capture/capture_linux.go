package capture

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"watertight/lab/netns"
)

// Capture listens at a machine until the lab ends.
type Capture struct {
	mu     sync.Mutex
	parser Parser
}

// Start starts to listen.
func Start(machine string) (*Capture, error) {
	const everything = unix.ETH_P_ALL<<8 | unix.ETH_P_ALL>>8 // in network order
	var file *os.File
	err := netns.Do(machine, func() error {
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, everything)
		if err != nil {
			return fmt.Errorf("open packet socket: %w", err)
		}
		file = os.NewFile(uintptr(fd), "packets of "+machine)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c := &Capture{}
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := file.Read(buf)
			if err != nil {
				return
			}
			c.mu.Lock()
			c.parser.Packet(buf[:n])
			c.mu.Unlock()
		}
	}()
	return c, nil
}

// Queries are all queries so far.
func (c *Capture) Queries() []Query {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Query(nil), c.parser.Queries...)
}
