package scenario

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const valid = "title: t\nwhy: w\nexpect: {outcome: clear, findings: []}\n"

// Every scenario of the tree must load, in all folders.
func TestOwnScenarios(t *testing.T) {
	count := 0
	err := filepath.WalkDir("../scenarios", func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		count++
		if _, err := Load(path); err != nil {
			t.Error(err)
		}
		return nil
	})
	if err != nil || count < 6 {
		t.Fatalf("walked %d scenarios: %v", count, err)
	}
}

// Each file in testdata/bad is wrong in one way; its first line is a comment
// with what must be reported, without the path; " | " between two problems.
func TestBadFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	if len(files) < 15 {
		t.Fatalf("found only %d files", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(data), "\n")
			want := strings.TrimPrefix(first, "# ")
			_, err = Parse("bad.yaml", data)
			if err == nil {
				t.Fatalf("loaded; want %q", want)
			}
			got := strings.ReplaceAll(err.Error(), "bad.yaml:", "")
			if got = strings.ReplaceAll(got, "\n", " | "); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Parse("f", []byte("titel: x\nisp: {ipv4: natt}\nvpn: {tunel: wireguard}\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Fatalf("want three problems, got %v", err)
	}
}

func TestDefaults(t *testing.T) {
	s, err := Parse("dir/name.yaml", []byte(valid+"vpn:\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "name" || s.VPN.Tunnel != "wireguard" || s.VPN.Exit != VPNExit || s.ISP.IPv4 != "nat" || s.ISP.IPv6 != "none" || s.Client.Host != "weak" {
		t.Errorf("defaults: %+v %+v", s, s.VPN)
	}
	if len(s.Browsers) != 2 || !reflect.DeepEqual(s.Client.Resolvers, []Use{{Resolver: "vpn"}}) {
		t.Errorf("browsers %v, resolvers %v", s.Browsers, s.Client.Resolvers)
	}
}

func TestShortForms(t *testing.T) {
	s, err := Parse("f.yaml", []byte(`
title: t
why: w
isp: {delay: 40ms, loss: 5%}
vpn: {}
client: {resolvers: [vpn, {resolver: isp, by: isp}, 203.0.113.9]}
resolvers: {isp: {kind: dnsmasq}}
expect:
  outcome: leak
  findings: [dns-mixed, {id: dns-isp-resolver, evidence: [198.51.100.53]}]
  firefox: {findings: [], outcome: clear, why: y}
`))
	if err != nil {
		t.Fatal(err)
	}
	if want := []Use{{Resolver: "vpn"}, {Resolver: "isp", By: "isp"}, {Resolver: "203.0.113.9"}}; !reflect.DeepEqual(s.Client.Resolvers, want) {
		t.Errorf("resolvers %+v", s.Client.Resolvers)
	}
	if time.Duration(s.ISP.Delay) != 40*time.Millisecond || s.ISP.Loss != 5 {
		t.Errorf("isp %+v", s.ISP)
	}
	if r := s.Resolvers["isp"]; r.Kind != "dnsmasq" || r.At != "isp" || len(r.Addresses) != 2 {
		t.Errorf("a part given must keep the rest: %+v", r)
	}
	chromium, firefox := s.Expect.For("chromium"), s.Expect.For("firefox")
	if len(chromium.Findings) != 2 || chromium.Findings[1].Evidence[0] != netip.MustParseAddr("198.51.100.53") {
		t.Errorf("chromium %+v", chromium)
	}
	if firefox.Outcome != "clear" || firefox.Findings == nil || len(firefox.Findings) != 0 {
		t.Errorf("an empty list must replace: %+v", firefox)
	}
	if s.Expect.Firefox.Outcome != "clear" || s.Expect.Outcome != "leak" {
		t.Error("For changed the scenario")
	}
}

func TestCourse(t *testing.T) {
	s, err := Parse("f.yaml", []byte(`
title: t
why: w
vpn:
steps:
  - check: {name: before, expect: {outcome: clear}}
  - link: {vpn: down}
  - resolvers: [isp]
  - exit: 192.0.2.20
  - dead: [stun]
  - wait: 2s
  - drive: {do: open, url: "http://ip4.watertight.test/", times: 3}
  - check: {name: after, expect: {outcome: leak}}
`))
	if err != nil {
		t.Fatal(err)
	}
	steps := s.Course()
	if len(steps) != 8 || steps[1].Link["vpn"] != "down" || steps[6].Drive["times"] != int64(3) {
		t.Errorf("steps %+v", steps)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(valid))
	files, _ := filepath.Glob("../scenarios/*.yaml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("f.yaml", data)
		if err != nil {
			if s != nil || err.Error() == "" {
				t.Error("an error must come alone and say something")
			}
			return
		}
		for _, step := range s.Course() {
			if step.Check == nil {
				continue
			}
			for _, b := range s.Browsers {
				if step.Check.Expect.For(b).Outcome == "" {
					t.Errorf("%s may not be loaded without an expected outcome", b)
				}
			}
		}
	})
}
