package main

import (
	"bufio"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// TestReadme runs the examples of the man page against a server on free ports.
// An example is a line with `$`, and the line below it is the answer.
func TestReadme(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := parse([]string{"--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0"}, io.Discard)
	s, err := start(c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, s)
	lines := strings.Split(string(raw), "\n")
	ran := map[string]int{}
	for i, line := range lines {
		command, ok := strings.CutPrefix(line, "    $ ")
		if !ok {
			continue
		}
		words := strings.Fields(command)
		ran[words[0]]++
		got := ""
		switch words[0] {
		case "curl":
			got = curl(t, s, command)
		case "dig":
			got = dig(t, s, words)
		}
		if want := strings.TrimPrefix(lines[i+1], "    "); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", command, got, want)
		}
	}
	if ran["curl"] < 5 || ran["dig"] < 5 {
		t.Errorf("ran %v: the examples are not found any more", ran)
	}
}

func TestReadmeFlags(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var help strings.Builder
	if _, err := parse([]string{"--help"}, &help); err != flag.ErrHelp { //nolint:errorlint // as is
		t.Fatal(err)
	}
	var have, told []string
	for _, m := range regexp.MustCompile(`(?m)^  -([a-z0-9-]+)`).FindAllStringSubmatch(help.String(), -1) {
		have = append(have, m[1])
	}
	for row := range strings.SplitSeq(string(raw), "\n") {
		if first, _, ok := strings.Cut(strings.TrimPrefix(row, "| "), " |"); ok && strings.HasPrefix(row, "| `--") {
			for _, m := range regexp.MustCompile("`--([a-z0-9-]+)`").FindAllStringSubmatch(first, -1) {
				told = append(told, m[1])
			}
		}
	}
	slices.Sort(told)
	slices.Sort(have)
	if !slices.Equal(have, told) {
		t.Errorf("flags are   %v\nREADME says %v", have, told)
	}
}

var apiURL = regexp.MustCompile(`http://127\.0\.0\.1:8053(/[^' ]*)`)

func curl(t *testing.T, s *server, command string) string {
	t.Helper()
	path := apiURL.FindStringSubmatch(command)[1]
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://"+s.http[0].String()+path, nil)
	if _, header, ok := strings.Cut(command, "-H 'Accept: "); ok {
		r.Header.Set("Accept", strings.Split(header, "'")[0])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	in := bufio.NewScanner(res.Body)
	in.Scan()
	out := strings.ReplaceAll(in.Text(), `"version":"`+version()+`"`, `"version":"VERSION"`)
	out = regexp.MustCompile(`"data_date":"\d{4}-\d\d-\d\d"`).ReplaceAllString(out, `"data_date":"DATE"`)
	out = strings.ReplaceAll(out, `"turn_port":`+strconv.Itoa(int(s.turn[0].Port())), `"turn_port":3479`)
	return strings.ReplaceAll(out, `"stun_port":`+strconv.Itoa(int(s.stun[0].Port())), `"stun_port":3478`)
}

func dig(t *testing.T, s *server, words []string) string {
	t.Helper()
	network := "udp"
	if slices.Contains(words, "+tcp") {
		network = "tcp"
	}
	name, typ := words[len(words)-2], words[len(words)-1]
	m := resolve(t, network, s.dns[0].String(), dns.Fqdn(name), dns.StringToType[typ])
	if slices.Contains(words, "+short") {
		return m.Answer[0].(*dns.A).A.String()
	}
	return "status: " + dns.RcodeToString[m.Rcode]
}
