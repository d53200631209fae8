package companion

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// WorkerArgs are the flags of workerd in the place of the server. Its front says who a
// connection came from, as Cloudflare's edge does; keys are those of the nodes. Browsers
// ask the first one for STUN, as the server would say.
func WorkerArgs(command []string, networks, keys string, nodes [][]netip.Addr) []string {
	return append(slices.Clone(command), "--http", at(httpPort), "--networks", networks, "--keep",
		"--var", "ZONE="+scenario.Zone, "--var", "ADDRESSES="+both(nodes[0]), "--var", "REPORT_KEYS="+keys)
}

// worker starts the Worker as the API of nodes that run.
func (o Options) worker(ctx context.Context, networks string) (*Companion, error) {
	keys, err := os.ReadFile(filepath.Join(isolate.Temp, keyFile))
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	c := new(Companion)
	engine, err := service.Start(service.Spec{Name: Machine, Machine: Machine, Args: WorkerArgs(o.Worker, networks, string(keys), o.Nodes)})
	if err != nil {
		return nil, err
	}
	return c, engine.Ready(ctx, func() error { return c.Get(Machine, "/v1/about", nil) })
}
