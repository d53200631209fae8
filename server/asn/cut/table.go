package cut

import (
	"net/netip"
	"sync"

	"watertight/server/asn"
)

// most slices at once. A check asks about a handful of networks, and those
// of one region are asked about again and again.
const most = 16

// Table answers from slices that it fetches when it is asked, and keeps some of them.
type Table struct {
	own   *asn.Table
	date  string
	fetch func(name string) ([]byte, bool)

	mu   sync.Mutex
	kept map[string]*slice
	old  []string // longest kept first
}

type slice struct {
	once  sync.Once
	table *asn.Table
}

// New takes the networks of the operator, the date of the open data ("" is without open
// data), and a way to a slice: its bytes, or false for one that cannot be reached now. A
// slice that does not exist has no bytes.
func New(own *asn.Table, date string, fetch func(name string) ([]byte, bool)) *Table {
	return &Table{own: own, date: date, fetch: fetch, kept: make(map[string]*slice)}
}

// Date is when the open data was made, or "".
func (t *Table) Date() string { return t.date }

// Lookup may wait for a slice.
func (t *Table) Lookup(a netip.Addr) (asn.Network, bool) {
	a = a.Unmap().WithZone("")
	name := Name(a)
	if t.date == "" || name == "" {
		return t.own.Lookup(a)
	}
	return t.slice(name).Lookup(a)
}

func (t *Table) slice(name string) *asn.Table {
	t.mu.Lock()
	s := t.kept[name]
	if s == nil {
		s = new(slice)
		t.kept[name] = s
		t.old = append(t.old, name)
		if len(t.old) > most {
			delete(t.kept, t.old[0])
			t.old = t.old[1:]
		}
	}
	t.mu.Unlock()
	s.once.Do(func() { s.table = t.read(name, s) })
	return s.table
}

// read is without open data where a slice cannot be had: unknown is the honest answer,
// and the next question may get a better one.
func (t *Table) read(name string, s *slice) *asn.Table {
	b, ok := t.fetch(name)
	if ok && len(b) == 0 {
		return t.own
	}
	if ok {
		if open, err := asn.Read(b); err == nil {
			return open.With(t.own)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept[name] == s {
		delete(t.kept, name)
		for i, n := range t.old {
			if n == name {
				t.old = append(t.old[:i:i], t.old[i+1:]...)
				break
			}
		}
	}
	return t.own
}
