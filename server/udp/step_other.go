//go:build !linux

package udp

import "net"

func neverFragment(*net.UDPConn) {}

func (s *Server) stepper() func() error { return s.single() }
