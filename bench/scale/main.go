//go:build linux

// Command scale simulates a companion of many machines: real DNS nodes report to a real
// API, a process of the companion or the Worker, through a way that delays and loses.
// Checks come in at a rate, and each asks what the extension asks and waits for its rows. It prints how long the rows took, which were missing or
// wrong, and how many requests it all cost, one line a setting.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// setting is one simulation.
type setting struct {
	Nodes  int           `json:"nodes"`
	Rate   int           `json:"checks_per_second"`
	Checks int           `json:"checks"`
	Loss   float64       `json:"loss"` // share of the reports whose request or answer is lost
	Delay  time.Duration `json:"-"`    // there and back
	Count  bool          `json:"-"`    // what a check calls at Cloudflare is counted, which takes some time
}

// matrix is what is run when nothing else is asked for.
func matrix(worker bool) (all []setting) {
	for _, nodes := range []int{1, 3, 8} {
		all = append(all, setting{Nodes: nodes, Rate: 50, Checks: 150, Delay: 40 * time.Millisecond})
	}
	for _, rate := range []int{5, 200} {
		all = append(all, setting{Nodes: 3, Rate: rate, Checks: min(3*rate, 400), Delay: 40 * time.Millisecond})
	}
	for _, loss := range []float64{0.05, 0.3} {
		all = append(all, setting{Nodes: 3, Rate: 50, Checks: 150, Loss: loss, Delay: 40 * time.Millisecond})
	}
	for _, rate := range []int{5, 50} {
		if worker {
			all = append(all, setting{Nodes: 3, Rate: rate, Checks: 10 * min(rate, 15), Delay: 40 * time.Millisecond, Count: true})
		}
	}
	return all
}

type percentiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// result of a setting.
type result struct {
	Name string `json:"name"`
	API  string `json:"api"`
	setting
	DelayMS  float64     `json:"delay_ms"`
	FirstRow percentiles `json:"first_row_ms"`
	AllRows  percentiles `json:"all_rows_ms"`
	Rows     int         `json:"rows"`
	Missing  int         `json:"missing"` // rows that did not come within a check's time
	Wrong    int         `json:"wrong"`   // rows of other checks
	Broken   int         `json:"broken"`  // streams that ended
	Silent   int         `json:"silent"`  // queries that no node answered
	Failed   int         `json:"failed"`  // exits, frames and networks that were not told
	Reports  float64     `json:"reports_per_check"`
	Bytes    float64     `json:"report_bytes_per_check"`
	Dropped  float64     `json:"dropped"` // records that nodes gave up
	APICPU   float64     `json:"api_cpu_us_per_check"`
	NodeCPU  float64     `json:"node_cpu_us_per_check"`
	// Calls of the Worker and of objects for each check, if they were counted.
	Worker map[string]float64 `json:"worker_calls_per_check,omitempty"`
	Object map[string]float64 `json:"object_calls_per_check,omitempty"`
}

func main() {
	server := flag.String("server", "build/watertight-server", "the companion's program")
	api := flag.String("api", "", "an API that runs already, host:port (default: a process of the companion)")
	keys := flag.String("keys", "", "file of the keys that this API knows")
	worker := flag.Bool("worker", false, "the Worker under workerd, as ./build.sh worker made it, in the place of the companion")
	asJSON := flag.Bool("json", false, "one JSON object a line")
	one := setting{}
	flag.IntVar(&one.Nodes, "nodes", 0, "only this setting: DNS nodes")
	flag.IntVar(&one.Rate, "rate", 50, "… checks a second")
	flag.IntVar(&one.Checks, "checks", 150, "… checks in all")
	flag.Float64Var(&one.Loss, "loss", 0, "… share of reports that are lost, 0 to 1")
	flag.BoolVar(&one.Count, "count", false, "… and count the calls that Cloudflare would charge for (with -worker)")
	flag.DurationVar(&one.Delay, "delay", 40*time.Millisecond, "… from a node to the API and back")
	flag.Parse()
	settings := matrix(*worker)
	if one.Nodes > 0 {
		settings = []setting{one}
	}
	if err := run(&place{server: *server, api: *api, keys: *keys, worker: *worker}, settings, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

var errWrong = errors.New("a check was told rows of another")

func run(at *place, settings []setting, asJSON bool) error {
	defer at.end()
	for _, s := range settings {
		r, err := simulate(at, s)
		if err != nil {
			return err
		}
		if asJSON {
			_ = json.NewEncoder(os.Stdout).Encode(r) // the reader is gone
		} else {
			fmt.Println(r)
		}
		if r.Wrong > 0 {
			return errWrong
		}
	}
	return nil
}

func (r result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d nodes, %d checks/s, %.0f ms, %.0f %% lost (%s): ", r.Nodes, r.Rate, r.DelayMS, 100*r.Loss, r.API)
	fmt.Fprintf(&b, "first row %.0f ms (99 %%: %.0f), all rows %.0f ms (99 %%: %.0f); ", r.FirstRow.P50, r.FirstRow.P99, r.AllRows.P50, r.AllRows.P99)
	fmt.Fprintf(&b, "%d rows, %d missing, %d wrong, %.0f dropped, %d requests failed; ", r.Rows, r.Missing, r.Wrong, r.Dropped, r.Failed)
	fmt.Fprintf(&b, "%.2f reports and %.0f octets a check", r.Reports, r.Bytes)
	if r.Worker != nil {
		fmt.Fprintf(&b, "; calls of the Worker %s, of objects %s", calls(r.Worker), calls(r.Object))
	}
	return b.String()
}

// calls as a text: all, and which.
func calls(m map[string]float64) string {
	var sum float64
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		sum += m[name]
		parts = append(parts, fmt.Sprintf("%s %.2f", name, m[name]))
	}
	return fmt.Sprintf("%.2f (%s)", sum, strings.Join(parts, ", "))
}

func of(list []float64) percentiles {
	if len(list) == 0 {
		return percentiles{}
	}
	slices.Sort(list)
	at := func(share float64) float64 { return float64(int(10*list[int(share*float64(len(list)-1))])) / 10 }
	return percentiles{at(0.5), at(0.9), at(0.99), at(1)}
}
