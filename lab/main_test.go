package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"watertight/lab/result"
)

func TestFind(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := find("..", nil, false)
	if err != nil || !slices.Contains(all, "../lab/scenarios/demo.yaml") {
		t.Fatalf("%v %v", all, err)
	}
	deep, err := find("..", nil, true)
	if err != nil || len(deep) <= len(all) || slices.ContainsFunc(all, func(f string) bool { return !slices.Contains(deep, f) }) {
		t.Errorf("all folders have %d scenarios, this one %d (%v)", len(deep), len(all), err)
	}
	files, err := find("..", []string{"demo", outside, "demo", "scenarios"}, false)
	if err != nil || files[0] != "../lab/scenarios/demo.yaml" || files[1] != outside || slices.Index(files[2:], "scenarios/dead.yaml") < 0 {
		t.Errorf("%v %v", files, err)
	}
	if _, err := find("..", []string{"dmeo"}, false); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "tunnel-clear") || !strings.Contains(err.Error(), "harden/ask") {
		t.Errorf("an unknown name must be told with the known ones: %v", err)
	}
}

// TestList: every scenario of every folder, each by a name that finds it.
func TestList(t *testing.T) {
	files, err := find("..", nil, true)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := loadAll(files)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := list(&out, ownFolder(".."), loaded, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d lines for %d scenarios", len(lines), len(files))
	}
	at := strings.Index(lines[0], loaded[0].Title)
	for i, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		if found, err := find("..", []string{name}, false); err != nil || !slices.Equal(found, files[i:i+1]) {
			t.Errorf("%q finds %v, %v; want %s", name, found, err, files[i])
		}
		if strings.Index(line, strings.TrimSpace(loaded[i].Title)) != at {
			t.Errorf("%q: the title does not begin under the others", line)
		}
	}
}

func TestParseFlagsAnywhere(t *testing.T) {
	var o options
	flags := flag.NewFlagSet("t", flag.ContinueOnError)
	o.register(flags, "all", "")
	names, err := parse(flags, []string{"a", "--json", "b", "--browser", "firefox"})
	if err != nil || !slices.Equal(names, []string{"a", "b"}) || !o.json || o.browser != "firefox" {
		t.Errorf("%v %+v %v", names, o, err)
	}
	if _, err := parse(flags, []string{"--jason"}); !errors.Is(err, errUsage) {
		t.Errorf("got %v", err)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		result result.Result
		code   int
	}{
		{result.Result{}, exitOK},
		{result.Result{Missed: []string{"x"}}, exitFailed},
		{result.Result{False: []string{"x"}}, exitFailed},
		{result.Result{Wrong: []string{"x"}}, exitFailed},
		{result.Result{Error: "x"}, exitBroken},
	} {
		if got := codeOf(c.result); got != c.code {
			t.Errorf("%+v: %d, want %d", c.result, got, c.code)
		}
	}
	for _, args := range [][]string{nil, {"nonsense"}, {"scenarios", "--browser", "lynx"}, {"scenarios", "--root", "..", "nowhere"}, {"scenarios", "--root", "..", "--ci", "ecs"}, {"run", "name"}, {"inside"}} {
		if got := dispatch(t.Context(), args); got != exitUsage {
			t.Errorf("%v: exit %d, want %d", args, got, exitUsage)
		}
	}
}

func TestTable(t *testing.T) {
	var out, progress bytes.Buffer
	p := printer{out: &out, progress: &progress}
	p.show(event{Progress: "network up"})
	p.show(event{Result: &result.Result{Scenario: "s", Check: "after", Browser: "firefox", Outcome: "leak", Findings: []string{"dns-mixed"}, False: []string{"dns-mixed"}}})
	p.end()
	for _, want := range []string{"WRONG  s: after", "false: dns-mixed", "0 as expected, 1 not"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, &out)
		}
	}
	if !strings.Contains(progress.String(), "network up") {
		t.Error("progress is lost")
	}
}
