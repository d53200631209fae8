package main

import (
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"watertight/server/acme"
)

// authority is where certificates come from, when they come by themselves.
type authority struct{ email, folder, directory, root string }

var (
	errACMEFolder = errors.New("--acme needs --acme-dir, a folder for keys and certificates")
	errACMEAlone  = errors.New("--acme-dir, --acme-ca and --acme-root need --acme")
	errTwoWays    = errors.New("--acme and --tls-cert are two ways to one certificate: give one")
)

func (a *authority) flags(fs *flag.FlagSet) {
	if state := os.Getenv("STATE_DIRECTORY"); state != "" { // systemd.exec(5)
		a.folder = filepath.Join(state, "acme")
	}
	fs.StringVar(&a.email, "acme", "", "get certificates by ACME, and agree to the authority's terms; the authority writes to this `email`")
	fs.StringVar(&a.folder, "acme-dir", a.folder, "`folder` for keys and certificates (default: acme below $STATE_DIRECTORY)")
	fs.StringVar(&a.directory, "acme-ca", "", "directory `URL` of the authority (default: Let's Encrypt)")
	fs.StringVar(&a.root, "acme-root", "", "PEM `file` of the root that vouches for the authority's own web server (default: the system's)")
}

func (a authority) check(files, serves bool) error {
	switch {
	case a.email == "" && (a.directory != "" || a.root != ""):
		return errACMEAlone
	case a.email != "" && files:
		return errTwoWays
	case a.email != "" && a.folder == "" && serves:
		return errACMEFolder
	}
	return nil
}

// readCertificates reads what the API's listeners show, or whom to believe about it, from
// files: before the user changes, since such files are often root's alone.
func (s *server) readCertificates() (err error) {
	if c := s.config; c.tlsCert != "" {
		if s.files, err = newCertificate(c.tlsCert, c.tlsKey); err != nil {
			return fmt.Errorf("flags -tls-cert and -tls-key: %w", err)
		}
		s.tls = s.files.config()
	}
	if root := s.config.acme.root; root != "" {
		if s.roots, err = readRoots(root); err != nil {
			return fmt.Errorf("flag -acme-root: %w", err)
		}
	}
	return nil
}

// order certificates from an authority, if that is wanted. It looks at our name server,
// which runs by now, and what comes is kept in the folder as the user that we have become.
func (s *server) order(c *acme.Challenges, stderr io.Writer) (err error) {
	a := s.config.acme
	if a.email == "" {
		return nil
	}
	o := acme.Options{Zone: s.config.zone, Email: a.email, Directory: a.directory, Folder: a.folder, Roots: s.roots}
	o.Say = func(line string) { fmt.Fprintln(stderr, "watertight-server:", line) }
	if o.Directory == "" {
		o.Directory = acme.LetsEncrypt
	}
	if s.orders, err = acme.Start(o, c); err != nil {
		return fmt.Errorf("flag -acme: %w", err)
	}
	s.tls = s.orders.Config()
	return nil
}

func readRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: %w", file, errRoots)
	}
	return pool, nil
}
