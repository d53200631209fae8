package conformance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"watertight/lab/isolate"
	"watertight/lab/scenario"
)

// cookies asks with kdig as a resolver does: first with its own half, then with
// what it was given, which must be taken.
func cookies(ctx context.Context, family, server string) Row {
	ask := func(cookie string) (string, []string, error) {
		said, err := run(ctx, "kdig", "@"+server, "+norec", cookie, "SOA", scenario.Zone)
		return said, kdigCookie.FindStringSubmatch(said), err
	}
	said, first, err := ask("+cookie")
	if err != nil || first == nil {
		return judge("kdig", "cookies", family, said, []string{"no cookie"}, err)
	}
	said, second, err := ask("+cookie=" + first[1])
	var wrong []string
	if second == nil || second[1] != first[1] {
		wrong = append(wrong, fmt.Sprintf("the cookie %s was not taken", first[1]))
	}
	if !strings.Contains(said, "status: NOERROR") {
		wrong = append(wrong, "not answered")
	}
	return judge("kdig", "cookies", family, said, wrong, err)
}

var kdigCookie = regexp.MustCompile(`(?m)^;; COOKIE: ([0-9A-Fa-f]{48})$`)

// stun asks with coturn's client, which prints the address that it is told.
func stun(ctx context.Context, family, server string) Row {
	said, err := run(ctx, "turnutils_stunclient", server)
	want := scenario.ISPExit.String()
	if family == "IPv6" {
		want = "2001:db8:100:1::10"
	}
	var wrong []string
	if !strings.Contains(said, "reflexive addr: "+want+":") && !strings.Contains(said, "reflexive addr: ["+want+"]:") {
		wrong = append(wrong, "not told "+want)
	}
	return judge("turnutils_stunclient", "binding", family, said, wrong, err)
}

// trustAnchor is the key of the signed names, as the zone says it.
func trustAnchor(ctx context.Context) (string, error) {
	said, err := run(ctx, "dig", "@"+scenario.Companion.String(), "+tcp", "+short", "DNSKEY", "sig."+scenario.Zone)
	if err != nil {
		return "", err
	}
	key := strings.Join(strings.Fields(said), " ")
	if !strings.HasPrefix(key, "257 3 13 ") {
		return "", fmt.Errorf("key of the signed names: %q", said)
	}
	return key, nil
}

// validate lets BIND's validator judge one of the two names.
func validate(ctx context.Context, family, server, anchor, name, want string) Row {
	f := strings.Fields(anchor)
	zone := "sig." + scenario.Zone
	file := filepath.Join(isolate.Temp, "anchor.conf")
	text := fmt.Sprintf("trust-anchors { %s. static-key %s %s %s \"%s\"; };\n", zone, f[0], f[1], f[2], strings.Join(f[3:], ""))
	err := os.WriteFile(file, []byte(text), 0o600)
	var said string
	if err == nil {
		said, err = run(ctx, "sh", "-c", `exec delv "$@" 2>&1`, "delv", "@"+server, "-a", file, "+root="+zone, name+"."+zone, "A")
	}
	var wrong []string
	if !strings.Contains(said, want) {
		wrong = append(wrong, "not: "+want)
	}
	return judge("delv", name, family, said, wrong, err)
}
