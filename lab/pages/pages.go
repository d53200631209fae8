// Package pages are websites of the lab that use WebRTC in the ways that real
// ones do: calls, data channels, leak tests, trackers, and frames of every kind.
// Each page says in its head what it is to be judged as.
package pages

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"

	"watertight/lab/calls"
	"watertight/lab/netns"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Command is what the lab's program is started with on the machine.
const Command = "pages"

// Machine is where the websites are: every name below example, and STUN.
const Machine = "pages"

// Peer is the page that answers calls, by address: its browser asks no resolver.
func Peer() string { return "http://" + scenario.PagesAddr.String() + "/peer.html" }

//go:embed site
var files embed.FS

// Site are the files as they are served.
func Site() fs.FS {
	sub, err := fs.Sub(files, "site")
	if err != nil {
		panic("pages: " + err.Error()) // it is embedded above
	}
	return sub
}

var judged = regexp.MustCompile(`<meta name="judged" content="([a-z]+)">`)

// Judged is what a page says it is to be judged as, or "" for a part of another page.
func Judged(page string) (string, error) {
	text, err := fs.ReadFile(Site(), strings.TrimPrefix(path.Clean("/"+page), "/"))
	if err != nil {
		return "", fmt.Errorf("read page: %w", err)
	}
	if m := judged.FindSubmatch(text); m != nil {
		return string(m[1]), nil
	}
	return "", nil
}

// Serve serves until it fails.
func Serve() error {
	host := scenario.PagesAddr.String()
	if err := calls.Relay(host); err != nil {
		return err
	}
	web, err := net.Listen("tcp4", net.JoinHostPort(host, "80"))
	if err != nil {
		return fmt.Errorf("listen for HTTP: %w", err)
	}
	fmt.Fprintln(os.Stderr, ready)
	return http.Serve(web, Handler())
}

const ready = "pages are served"

// Start starts the websites, and waits until they serve.
func Start(ctx context.Context) error {
	s, err := service.Start(service.Spec{Name: Machine, Machine: Machine, Args: []string{"/proc/self/exe", Command}, View: netns.View{}})
	if err != nil {
		return err
	}
	return s.Ready(ctx, func() error { return s.Said(ready) })
}
