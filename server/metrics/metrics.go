// Package metrics counts, and writes the counts in the text format of Prometheus
// (exposition format 0.0.4). Names and labels are fixed when the program starts, so
// nothing that a stranger sends can become part of them.
//
// It is our own because the usual library brings ten thousand lines for what a few
// counters need.
package metrics

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// Counter only grows. Adding to it does not allocate.
type Counter struct{ n atomic.Uint64 }

// Add counts one.
func (c *Counter) Add() { c.n.Add(1) }

// Count is how many there were.
func (c *Counter) Count() uint64 { return c.n.Load() }

// Registry is all that is counted. It is filled before it is served.
type Registry struct {
	families []*family
	byName   map[string]*family
}

type family struct {
	name, help, kind string
	series           []series
}

type series struct {
	labels string
	value  func() float64
}

// New is empty.
func New() *Registry { return &Registry{byName: make(map[string]*family)} }

// Counter makes a counter. Labels are pairs of name and value.
func (r *Registry) Counter(name, help string, labels ...string) *Counter {
	c := new(Counter)
	r.add(name, help, "counter", func() float64 { return float64(c.n.Load()) }, labels)
	return c
}

// Gauge is asked for its value whenever it is read.
func (r *Registry) Gauge(name, help string, value func() float64, labels ...string) {
	r.add(name, help, "gauge", value, labels)
}

// Total is a counter that is kept elsewhere.
func (r *Registry) Total(name, help string, value func() float64, labels ...string) {
	r.add(name, help, "counter", value, labels)
}

func (r *Registry) add(name, help, kind string, value func() float64, labels []string) {
	f := r.byName[name]
	if f == nil {
		f = &family{name: name, help: help, kind: kind}
		r.byName[name] = f
		r.families = append(r.families, f)
	}
	f.series = append(f.series, series{write(labels), value})
}

// write is {a="b",c="d"}. The values are our own words: %q is enough to quote them.
func write(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	var parts []string
	for i := 0; i+1 < len(labels); i += 2 {
		parts = append(parts, fmt.Sprintf("%s=%q", labels[i], labels[i+1]))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// Write writes everything.
func (r *Registry) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, f := range r.families {
		fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
		for _, s := range f.series {
			fmt.Fprintf(out, "%s%s %s\n", f.name, s.labels, strconv.FormatFloat(s.value(), 'g', -1, 64))
		}
	}
	return out.Flush() //nolint:wrapcheck // the writer's own
}

func (r *Registry) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_ = r.Write(w) // the reader is gone
}
