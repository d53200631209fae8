// Package calls is a website for calls in the lab, and the TURN server that its
// users are relayed by: what a real conference has, small.
package calls

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/pion/turn/v5"

	"watertight/lab/netns"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Command is what the lab's program is started with on the machine.
const Command = "calls"

// Machine and Peer are where the website and the called party are.
const (
	Machine = "calls"
	Peer    = "peer"
)

// User is who may use the relay, with its own name as password (e2e/lib/call.js).
const (
	user  = "lab"
	realm = "calls.test"
)

// Page is the website's address.
func Page() string { return "http://" + scenario.CallsAddr.String() + "/" }

const page = `<!doctype html><meta charset="utf-8"><title>A call</title><p>A call.</p>
`

// Serve serves until it fails.
func Serve() error {
	host := scenario.CallsAddr.String()
	if err := Relay(host); err != nil {
		return err
	}
	web, err := net.Listen("tcp4", net.JoinHostPort(host, "80"))
	if err != nil {
		return fmt.Errorf("listen for HTTP: %w", err)
	}
	fmt.Fprintln(os.Stderr, ready)
	return http.Serve(web, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page)) // a browser that left needs none
	}))
}

// Relay serves STUN and TURN at an address of this machine, on port 3478.
func Relay(host string) error {
	udp, err := net.ListenPacket("udp4", net.JoinHostPort(host, "3478"))
	if err != nil {
		return fmt.Errorf("listen for TURN: %w", err)
	}
	tcp, err := net.Listen("tcp4", net.JoinHostPort(host, "3478"))
	if err != nil {
		return fmt.Errorf("listen for TURN: %w", err)
	}
	relay := &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP(host), Address: host}
	_, err = turn.NewServer(turn.ServerConfig{
		Realm: realm,
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(user, realm, user), a.Username == user
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: relay}},
		ListenerConfigs:   []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: relay}},
	})
	if err != nil {
		return fmt.Errorf("start TURN: %w", err)
	}
	return nil
}

const ready = "calls are served"

// Start starts the website and its relay, and waits until they serve.
func Start(ctx context.Context) error {
	s, err := service.Start(service.Spec{Name: "calls", Machine: Machine, Args: []string{"/proc/self/exe", Command}, View: netns.View{}})
	if err != nil {
		return err
	}
	return s.Ready(ctx, func() error { return s.Said(ready) })
}
