package conformance

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// query is one line of the table.
type query struct {
	name       string
	args, want []string
}

var errTable = errors.New("want \"name | arguments | expectations\"")

func parseTable(text string) (all []query, err error) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, "|")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%q: %w", line, errTable)
		}
		q := query{strings.TrimSpace(parts[0]), strings.Fields(parts[1]), strings.Fields(parts[2])}
		for _, w := range q.want {
			if !known(w) {
				return nil, fmt.Errorf("%q: unknown expectation %q", line, w)
			}
		}
		all = append(all, q.each()...)
	}
	return all, nil
}

// types are those that genreport asks for, one by one.
const types = "A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAP-PTR SIG KEY PX GPOS AAAA LOC NXT " +
	"SRV NAPTR KX CERT A6 DNAME APL DS SSHFP IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 NSEC3PARAM TLSA SMIMEA HIP CDS CDNSKEY OPENPGPKEY SPF " +
	"NID L32 L64 LP EUI48 EUI64 URI CAA AVC DOA DLV TYPE1000"

// each is the query with every type, if it says so.
func (q query) each() (all []query) {
	at := slices.Index(q.args, "TYPE")
	if at < 0 {
		return []query{q}
	}
	for typ := range strings.FieldsSeq(types) {
		args := slices.Clone(q.args)
		args[at] = typ
		all = append(all, query{q.name + "-" + typ, args, q.want})
	}
	return all
}

// always is what every answer to such a query must be.
func always(args []string) []string {
	want := []string{"-ra", "mbz=0"}
	asked := true // a QUERY
	for _, a := range args {
		asked = asked && !strings.HasPrefix(a, "+opcode=")
	}
	for flag, by := range map[string][]string{"-rd": {"+recurse"}, "-ad": {"+adflag", "+dnssec"}, "-cd": {"+cdflag"}} {
		if !asked || !slices.ContainsFunc(by, func(b string) bool { return slices.Contains(args, b) }) {
			want = append(want, flag)
		}
	}
	return want
}

func (q query) ask(ctx context.Context, family, server string) Row {
	args := append([]string{"dig", "@" + server, "+norecurse", "+noadflag", "+noedns", "+tries=2", "+time=3"}, q.args...)
	said, err := run(ctx, args...)
	return judge("dig", q.name, family, said, q.wrong(said), err)
}

// wrong lists the expectations that dig's output does not meet.
func (q query) wrong(said string) (wrong []string) {
	want := q.want
	if !slices.Contains(want, "failed") {
		want = slices.Concat(want, always(q.args))
	}
	for _, w := range want {
		if !met(w, said) {
			wrong = append(wrong, "not "+w)
		}
	}
	return wrong
}

var (
	statusLine = regexp.MustCompile(`(?m)^;; ->>HEADER<<- opcode: (\w+), status: (\w+), id: \d+$`)
	flagsLine  = regexp.MustCompile(`(?m)^;; flags:([a-z ]*);.*$`)
	emptyLine  = regexp.MustCompile(`(?m)^;; flags:[^;]*; QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0$`)
	ednsLine   = regexp.MustCompile(`(?m)^; EDNS: version: (\d+), flags:([a-z ]*);`)
	soaLine    = regexp.MustCompile(`(?s);; ANSWER SECTION:\n[^;]*\sSOA\s`)
	sizeLine   = regexp.MustCompile(`(?m)^;; MSG SIZE  rcvd: (\d+)$`)
	optionLine = regexp.MustCompile(`(?m)^; (OPT=|NSID|EXPIRE|COOKIE|CLIENT-SUBNET|PAD)`)
	// signs are words whose presence is a pattern in the output.
	signs = map[string]*regexp.Regexp{
		"soa": soaLine, "cookie": regexp.MustCompile(`(?m)^; COOKIE: [0-9a-f]{48} \(good\)$`),
		"nsid": regexp.MustCompile(`(?m)^; NSID`), "expire": regexp.MustCompile(`(?m)^; EXPIRE`),
		"subnet": regexp.MustCompile(`(?m)^; CLIENT-SUBNET`), "options": optionLine,
		"tcp": regexp.MustCompile(`(?m)^;; SERVER:.*\(TCP\)$`), "udp": regexp.MustCompile(`(?m)^;; SERVER:.*\(UDP\)$`),
		"edns": regexp.MustCompile(`(?m)^; EDNS: version: 0, `),
	}
	headerFlags = " aa tc rd ra ad cd "
)

func known(want string) bool {
	word := strings.TrimPrefix(want, "-")
	_, sign := signs[word]
	key, _, _ := strings.Cut(word, "=")
	return sign || strings.Contains(headerFlags, " "+word+" ") || word == "do" || word == strings.ToUpper(word) || word == "failed" || word == "empty" || key == "mbz" || key == "below" || key == "opcode"
}

func met(want, said string) bool {
	if want == "failed" { // of a transfer dig says nothing else
		return strings.Contains(said, "\n; Transfer failed.\n")
	}
	status := statusLine.FindStringSubmatch(said)
	flags := flagsLine.FindStringSubmatch(said)
	if status == nil || flags == nil {
		return false
	}
	word, absent := strings.CutPrefix(want, "-")
	key, value, _ := strings.Cut(word, "=")
	opt := ednsLine.FindStringSubmatch(said)
	switch {
	case word == "empty":
		return emptyLine.MatchString(said)
	case key == "below":
		size, most := sizeLine.FindStringSubmatch(said), number(value)
		return size != nil && number(size[1]) <= most
	case key == "opcode":
		return status[1] == "RESERVED"+value || status[1] == value
	case key == "mbz": // dig names what it does not know
		return !strings.Contains(said, "MBZ")
	case signs[word] != nil:
		return signs[word].MatchString(said) != absent
	case word == "do":
		return (opt != nil && has(opt[2], "do")) != absent
	case strings.Contains(headerFlags, " "+word+" "):
		return has(flags[1], word) != absent
	}
	return status[2] == word
}

func has(words, word string) bool { return strings.Contains(" "+words+" ", " "+word+" ") }

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
