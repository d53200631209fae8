package companion

import (
	"encoding/json"
	"fmt"
	"net/netip"

	"watertight/lab/scenario"
	"watertight/lab/web"
)

// Get asks the companion's API from a machine.
func (c *Companion) Get(machine, path string, reply any) error {
	body, err := c.api(scenario.Zone).Get(machine, path)
	if err != nil || reply == nil {
		return err //nolint:wrapcheck // says who was asked
	}
	if err := json.Unmarshal(body, reply); err != nil {
		return fmt.Errorf("read companion's reply: %w", err)
	}
	return nil
}

// api is its web server, by one of the names that it has.
func (c *Companion) api(name string) web.Server {
	port := uint16(httpPort)
	if c.roots != nil {
		port = httpsPort
	}
	return web.Server{At: netip.AddrPortFrom(scenario.Companion, port), Name: name, Roots: c.roots}
}
