// Package web asks servers of the lab, over HTTP/1.1, from any of its machines.
//
// It speaks by hand on one connection: net/http's client would dial from another
// thread, and so from another namespace.
package web

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"watertight/lab/netns"
)

// A server that is there answers at once; who starts one asks again.
const (
	dialTime = time.Second
	askTime  = 2 * time.Second
)

// Server is whom to ask. With Roots it speaks TLS, and must show a certificate of its
// name, or address, that comes from them.
type Server struct {
	At    netip.AddrPort
	Name  string // of the certificate and in the request; without one, its address
	Roots *x509.CertPool
}

func (s Server) host() string {
	if s.Name != "" {
		return s.Name
	}
	return s.At.String()
}

// Get asks from a machine.
func (s Server) Get(machine, path string) (body []byte, err error) {
	err = netns.Do(machine, func() error {
		body, err = s.get(path)
		return err
	})
	return body, err
}

func (s Server) get(path string) ([]byte, error) {
	conn, err := s.dial()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	scheme := "http://"
	if s.Roots != nil {
		scheme = "https://"
	}
	request, err := http.NewRequest(http.MethodGet, scheme+s.host()+path, nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.host(), err)
	}
	request.Close = true
	if err := request.Write(conn); err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.host(), err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.host(), err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return nil, fmt.Errorf("ask %s for %s: %s", s.host(), path, response.Status)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", path, s.host(), err)
	}
	return body, nil
}

func (s Server) dial() (net.Conn, error) {
	conn, err := net.DialTimeout("tcp", s.At.String(), dialTime)
	if err != nil {
		return nil, err //nolint:wrapcheck // names the address
	}
	_ = conn.SetDeadline(time.Now().Add(askTime)) // fails only on a closed connection
	if s.Roots == nil {
		return conn, nil
	}
	name := s.Name
	if name == "" {
		name = s.At.Addr().String()
	}
	secure := tls.Client(conn, &tls.Config{ServerName: name, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})
	if err := secure.Handshake(); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("ask %s: %w", s.host(), err)
	}
	return secure, nil
}
