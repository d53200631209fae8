package root

import (
	"fmt"
	"net"

	"github.com/miekg/dns"
)

// listen opens the socket on the calling thread: it belongs to the namespace
// that the thread is in, wherever the server's goroutines run later.
func listen(s *dns.Server, network string) error {
	var err error
	if network == "udp" {
		s.PacketConn, err = net.ListenPacket("udp", s.Addr)
	} else {
		s.Listener, err = net.Listen("tcp", s.Addr)
	}
	if err != nil {
		return fmt.Errorf("listen as root: %w", err)
	}
	return nil
}
