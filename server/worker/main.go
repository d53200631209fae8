//go:build js && wasm

// Command worker is the companion's API as a Cloudflare Worker: the same handler
// and the same table in memory as in the binary, in Durable Objects of which each
// holds one shard of all tokens. The shell around it is JavaScript (shell/): it says
// which object a request belongs to, boots this program there, and boots it again if
// it has died. DNS and STUN are spoken by nodes elsewhere, which report what they
// see.
//
// It runs on github.com/syumai/workers, but not as that library's own entry does it,
// with a new instance for every request: one instance serves all requests of its
// object (front.go says what that takes).
package main

import (
	"bytes"
	"fmt"
	"os"
	"syscall/js"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"watertight/server/api"
	"watertight/server/asn"
	"watertight/server/asn/cut"
	"watertight/server/report"
	"watertight/server/sightings"
	"watertight/server/worker/gate"
	"watertight/server/worker/place"
	"watertight/server/worker/settings"
)

const (
	// tokens of one shard at about 600 bytes: 20 MB. An isolate has 128 MB, and may
	// hold more than one shard.
	tokens = 1 << 15
	// tableShards: there is one thread, so they need not keep each other from waiting.
	tableShards = 4
	// streams of one shard at about 20 kB: 20 MB.
	streams = 1024
)

// release is set by the build.
var release = "development"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "watertight worker:", err) // the operator's own settings
		os.Exit(1)
	}
}

// run never returns once it serves: an instance lives as long as its object.
func run() error {
	set, err := settings.Read(cloudflare.Getenv)
	if err != nil {
		return err //nolint:wrapcheck // names the variable
	}
	shell := shell{js.Global().Get("context")}
	networks, own, err := openNetworks(shell)
	if err != nil {
		return err
	}
	table := sightings.New(sightings.Options{Tokens: tokens, Shards: tableShards, Heir: shell.Get("heir").Truthy()})
	options := api.Options{
		Zone: set.Zone, Families: set.Families, Addresses: set.Addresses, Version: release,
		STUNPort: set.STUNPort, TURNPort: set.TURNPort,
		Networks: networks, Table: table, Streams: streams, Edge: edge{own},
	}
	if len(set.Keys) > 0 {
		options.Report = nodes{
			gate.New(set.Keys, place.Shards(set.Shards), shell.deliver),
			report.NewInner(report.NewReceiver(table, nil)),
		}
	}
	if !shell.Get("alone").Truthy() {
		go table.Run(background)
	}
	newFront(shell, faulty(api.Paced(set.Rate, api.New(options)))).bind()
	workers.Ready()
	select {}
}

// openNetworks takes the operator's file, and fetches the rest when it is asked about.
func openNetworks(shell shell) (all *cut.Table, own *asn.Table, err error) {
	own = asn.Empty()
	if file := bytesOf(shell.Get("own")); len(file) > 0 {
		if err := own.AddFile("networks.csv", bytes.NewReader(file)); err != nil {
			return nil, nil, err //nolint:wrapcheck // names the file
		}
	}
	fetch := func(name string) ([]byte, bool) {
		if shell.Get("alone").Truthy() { // outside of an object nothing may be waited for
			return nil, false
		}
		v, ok := shell.await(background, "asset", "networks/"+name)
		return bytesOf(v), ok
	}
	return cut.New(own, string(bytesOf(shell.Get("date"))), fetch), own, nil
}
