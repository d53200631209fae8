package browser

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func TestArgs(t *testing.T) {
	s, err := scenario.Parse("t.yaml", []byte(`
title: t
why: w
expect: {outcome: clear}
settings:
  chromium: {args: [--mute-audio]}
  firefox: {prefs: {network.trr.mode: 3, a.b: true}}
  grants: [{origin: "http://ip4.watertight.test", permission: microphone}]
`))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Driver: "d.js", Browser: "firefox", Extension: "x", Out: "o", Proxy: "socks5://203.0.113.129:1080", Settings: s.Settings, Headed: true}
	want := "d.js --browser firefox --extension x --out o --headed --proxy socks5://203.0.113.129:1080 --pref a.b=true --pref network.trr.mode=3 --grant http://ip4.watertight.test=microphone"
	if got := strings.Join(o.Args(), " "); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	o.Browser = "chromium"
	if !slices.Contains(o.Args(), "--arg=--mute-audio") || slices.Contains(o.Args(), "--pref") {
		t.Errorf("chromium: %v", o.Args())
	}
}

func TestEnvironmentLeavesTheUserBehind(t *testing.T) {
	got := environment([]string{"HOME=/home/u", "PATH=/bin", "DBUS_SESSION_BUS_ADDRESS=unix:x", "DISPLAY=:0"})
	if !slices.Equal(got, []string{"PATH=/bin", "DISPLAY=:0", "HOME=/run/lab-home", "TMPDIR=/run/lab-tmp"}) {
		t.Errorf("%v", got)
	}
}

func start(t *testing.T, mode string) (*Driver, error) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("node is not installed; the driver runs in it")
	}
	d, err := Start(t.Context(), Options{Driver: "testdata/driver.mjs", Browser: "chromium", Extension: "x", Out: mode})
	if err == nil {
		t.Cleanup(d.Kill)
	}
	return d, err
}

func TestProtocol(t *testing.T) {
	d, err := start(t, "good")
	if err != nil {
		t.Fatal(err)
	}
	if d.Version != "1.2" {
		t.Errorf("version %q", d.Version)
	}
	var reply struct{ Outcome string }
	for range 2 {
		if err := d.Do(t.Context(), map[string]any{"do": "check"}, &reply); err != nil || reply.Outcome != "clear" {
			t.Errorf("%+v %v", reply, err)
		}
	}
	d.Quit(t.Context())
	if err := d.Do(t.Context(), map[string]any{"do": "check"}, &reply); err == nil {
		t.Error("a driver that has quit still answers")
	}
}

// What goes wrong must be said, never taken for an empty verdict.
func TestFailuresAreTold(t *testing.T) {
	for _, mode := range []string{"dies", "dies slowly"} {
		if _, err := start(t, mode); err == nil || !strings.Contains(err.Error(), "no display") {
			t.Errorf("a driver that %s: %v", mode, err)
		}
	}
	for mode, want := range map[string]string{"garbage": `driver said "not json"`, "error": "popup did not open"} {
		d, err := start(t, mode)
		if err != nil {
			t.Fatal(err)
		}
		var reply struct{ Outcome string }
		if err := d.Do(t.Context(), map[string]any{"do": "check"}, &reply); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}
