package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/pion/turn/v5"

	"watertight/server/turnd"
)

// TestTurn: an Allocate over both transports shows as two paths in the API.
func TestTurn(t *testing.T) {
	s := begin(t)
	defer end(t, s)
	at := s.turn[0].String()
	u, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.PacketConn{u, turn.NewSTUNConn(c)} {
		client, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: at, Conn: conn, Username: tok, Password: turnd.Password})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Listen(); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Allocate(); err == nil || !strings.Contains(err.Error(), "508") {
			t.Errorf("%v, want a 508", err)
		}
		client.Close()
		_ = conn.Close()
	}
	res, err := http.Get("http://" + s.http[0].String() + "/v1/sightings/" + tok)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	for _, over := range []string{"udp", "tcp"} {
		if want := `{"transport":"` + over + `","family":4,"address":"127.0.0.1","network":{"prefix":"127.0.0.0/8"`; !strings.Contains(string(body), want) {
			t.Errorf("%s\nwant %s", body, want)
		}
	}
}
