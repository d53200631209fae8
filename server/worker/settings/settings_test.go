package settings

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"watertight/server/report"
)

func read(lines string) (Settings, error) {
	all := map[string]string{"SHARD_COUNT": "8"}
	for line := range strings.Lines(lines) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		all[name] = value
	}
	return Read(func(name string) string { return all[name] })
}

func TestRead(t *testing.T) {
	s, err := read("ZONE=Leak.Example.org.")
	want := Settings{Zone: "leak.example.org", Families: []int{4, 6}, STUNPort: 3478, TURNPort: 3479, Rate: 1000, Shards: 8}
	if err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("defaults: %+v, %v", s, err)
	}
	s, err = read("ZONE=z.test\nFAMILIES=4\nADDRESSES=192.0.2.1, 2001:db8::1\nSTUN_PORT=1\nTURN_PORT=0\nRATE=0")
	if err != nil || len(s.Families) != 1 || len(s.Addresses) != 2 || s.Addresses[1].String() != "2001:db8::1" || s.STUNPort != 1 || s.TURNPort != 0 || s.Rate != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestWrong: what is wrong is named, so that an operator finds it.
func TestWrong(t *testing.T) {
	for lines, want := range map[string]error{
		"":                                 ErrZone,
		"ZONE=https://z.test":              ErrZone,
		"ZONE=z.test\nFAMILIES=6,4":        ErrFamilies,
		"ZONE=z.test\nADDRESSES=host":      ErrAddress,
		"ZONE=z.test\nSTUN_PORT=x":         ErrNumber,
		"ZONE=z.test\nTURN_PORT=65536":     ErrNumber,
		"ZONE=z.test\nSHARD_COUNT=33":      ErrNumber,
		"ZONE=z.test\nSHARD_COUNT=":        ErrNumber,
		"ZONE=z.test\nRATE=-1":             ErrNumber,
		"ZONE=z.test\nADDRESSES=fe80::1%0": ErrAddress,
	} {
		_, err := read(lines)
		if !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "variable ") {
			t.Errorf("%q: %v, want %v", lines, err, want)
		}
	}
}

// TestKeys: keys are read from a secret, which holds what the nodes' files hold.
func TestKeys(t *testing.T) {
	line := strings.TrimSpace(report.NewKey([report.SecretSize]byte{1}).Line())
	if s, err := read("ZONE=z.test\nREPORT_KEYS=" + line); err != nil || len(s.Keys) != 1 {
		t.Errorf("%v, %v", s.Keys, err)
	}
	_, err := read("ZONE=z.test\nREPORT_KEYS=" + line[1:])
	if err == nil || !strings.HasPrefix(err.Error(), "secret REPORT_KEYS: line 1") || strings.Contains(err.Error(), line[12:20]) {
		t.Errorf("%v", err)
	}
}
