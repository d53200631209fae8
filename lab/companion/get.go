package companion

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"watertight/lab/netns"
	"watertight/lab/scenario"
)

// Get asks the companion's API from a machine.
func Get(machine, path string, reply any) error {
	return netns.Do(machine, func() error { return get(path, reply) })
}

// get speaks HTTP by hand: net/http's client would dial from another thread,
// and so from another namespace.
func get(path string, reply any) error {
	conn, err := net.DialTimeout("tcp", netip.AddrPortFrom(scenario.Companion, 80).String(), time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second)) // fails only on a closed connection
	request, err := http.NewRequest(http.MethodGet, "http://"+scenario.Zone+path, nil)
	if err != nil {
		return fmt.Errorf("ask companion: %w", err)
	}
	if err := request.Write(conn); err != nil {
		return fmt.Errorf("ask companion: %w", err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		return fmt.Errorf("ask companion: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask companion for %s: %s", path, response.Status)
	}
	if reply == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(reply); err != nil {
		return fmt.Errorf("read companion's reply: %w", err)
	}
	return nil
}
