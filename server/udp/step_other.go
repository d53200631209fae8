//go:build !linux

package udp

func (s *Server) stepper() func() error { return s.single() }
