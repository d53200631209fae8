package site

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
)

const start = 1_800_000_000_000

// wellKept holds what every ledger must have.
func wellKept(t testing.TB, l Ledger) {
	t.Helper()
	if len(l.Sites) > maxSites || l.Version != 1 || l.Sites == nil {
		t.Errorf("%d sites, version %d", len(l.Sites), l.Version)
	}
	for i, e := range l.Sites {
		if e.Site == "" || Of(e.Site) != e.Site || i > 0 && e.Site <= l.Sites[i-1].Site {
			t.Errorf("site %q after %q", e.Site, l.Sites[max(i-1, 0)].Site)
		}
		if len(e.Open) > maxOpen || len(e.Seen) > maxKept || len(e.By) > maxBy || e.Open == nil || e.Seen == nil || e.By == nil {
			t.Errorf("an entry has %d visits, %d addresses, %d parties", len(e.Open), len(e.Seen), len(e.By))
		}
	}
}

// probe is the report of a visit whose script read these addresses.
func probe(id, host string, at int64, addresses ...string) Report {
	events := []Event{{Kind: Construct, Conn: 1, At: at, Host: host}}
	for _, a := range addresses {
		events = append(events, Event{Kind: Candidate, Conn: 1, At: at + 1, Host: host, Line: "candidate:1 1 udp 1 " + a + " 9 typ host"})
	}
	events = append(events, Event{Kind: Close, Conn: 1, At: at + 2, Host: host})
	return Judge(id, host, events, at+3)
}

func find(t testing.TB, l Ledger, host string) Entry {
	t.Helper()
	e, ok := Find(l, host)
	if !ok {
		t.Fatalf("%s is not in the ledger", host)
	}
	return e
}

func TestMerge(t *testing.T) {
	var l Ledger
	for range 3 { // as a page goes on, and after a death
		l = Merge(l, probe("one", "www.example.com", start, "192.168.1.10"), start+10)
	}
	l = Merge(l, probe("two", "shop.example.com.", start+1000, "192.168.1.10", "198.51.100.10"), start+1010)
	l = Merge(l, probe("three", "example.org", start+2000, "198.51.100.10"), start+2010)
	wellKept(t, l)
	e := find(t, l, "example.com")
	if visits, n := e.Total(); visits != 2 || n.Probes != 2 || n.Reads != 2 {
		t.Errorf("%d visits, %+v", visits, n)
	}
	if len(e.Seen) != 2 || e.Seen[0].Count != 2 || e.Seen[1].Count != 1 || !e.Seen[0].Probe || e.Seen[0].First != start+1 || e.Seen[0].Last != start+1001 {
		t.Errorf("saw %+v", e.Seen)
	}
	if e.First != start+10 || e.Last != start+1010 || len(e.By) != 0 {
		t.Errorf("%+v", e)
	}
	if len(l.Sites) != 2 {
		t.Errorf("%d sites", len(l.Sites))
	}
}

// TestMergeTakesBack holds that a hint which was taken back is taken back in the
// ledger.
func TestMergeTakesBack(t *testing.T) {
	events := []Event{
		{Kind: Construct, Conn: 1, At: start}, {Kind: DataChannel, Conn: 1, At: start},
		{Kind: Candidate, Conn: 1, At: start + 50, Line: "candidate:2 1 udp 1 198.51.100.10 9 typ srflx raddr 0.0.0.0 rport 0"},
	}
	s := Fold(Begin("one", "page.example"), events)
	l := Merge(Ledger{}, Examine(s, start+60_000), start+60_000)
	if _, n := find(t, l, "page.example").Total(); n.Probes != 1 {
		t.Errorf("first %+v", n)
	}
	s = Step(Step(s, Event{Kind: RemoteDesc, Conn: 1, At: start + 61_000, Key: "k"}), Event{Kind: Connection, State: "connected", Conn: 1, At: start + 62_000})
	l = Merge(l, Examine(s, start+63_000), start+63_000)
	if _, n := find(t, l, "page.example").Total(); n.Probes != 0 || n.Data != 1 {
		t.Errorf("then %+v", n)
	}
}

func TestMergeLeavesOut(t *testing.T) {
	for name, r := range map[string]Report{
		"nothing heard":   Judge("a", "page.example", nil, start),
		"only asked":      Judge("a", "page.example", []Event{{Kind: Construct, At: start}, {Kind: Close, At: start + 1}}, start+2),
		"not decided yet": Judge("a", "page.example", []Event{{Kind: Construct, At: start}}, start+2),
		"no site":         probe("a", "", start, "192.168.1.10"),
		"a forged site":   {Site: "<b>", Kind: Probe},
	} {
		if l := Merge(Ledger{}, r, start+10); len(l.Sites) != 0 {
			t.Errorf("%s: %+v", name, l.Sites)
		}
	}
}

// TestMergeTouchesOneSite holds that the report of one site leaves all other
// entries as they are, also when the frames in it are those of other sites.
func TestMergeTouchesOneSite(t *testing.T) {
	l := Merge(Ledger{}, probe("a", "other.example", start, "192.168.1.10"), start)
	l = Choose(l, "other.example", Choice{Never: true}, start)
	want := find(t, l, "other.example")
	for i, g := range readGoldens(t) {
		r := Judge(fmt.Sprint(i), "page.example", shifted(g.events(t), 1, "www.other.example"), g.Now)
		r.ID = "a" // a page that claims another's visit
		l = Merge(l, r, g.Now)
		if got := find(t, l, "other.example"); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s changed another site's entry to %+v", g.Name, got)
		}
	}
	wellKept(t, l)
	if by := find(t, l, "page.example").By; !slices.Contains(by, "other.example") {
		t.Errorf("the page's probes are by %q", by)
	}
}

func TestMergeBounds(t *testing.T) {
	l := Choose(Ledger{}, "never.example", Choice{Never: true}, start)
	for i := range maxSites + 100 {
		l = Merge(l, probe("v", fmt.Sprintf("site%d.example", i), start+int64(i)*1000, "192.168.1.10"), start+int64(i)*1000+5)
	}
	wellKept(t, l)
	if _, ok := Find(l, "site0.example"); ok || len(l.Sites) != maxSites {
		t.Errorf("the oldest of %d sites is still there", len(l.Sites))
	}
	if !find(t, l, "never.example").Choice.Never {
		t.Error("the user's choice was lost in a flood")
	}
	var e Ledger
	for i := range 300 {
		e = Merge(e, probe(fmt.Sprint("v", i), "page.example", start+int64(i)*1000, fmt.Sprintf("10.0.%d.1", i%100), "192.168.1.10"), start+int64(i)*1000+5)
	}
	wellKept(t, e)
	entry := find(t, e, "page.example")
	if visits, n := entry.Total(); visits != 300 || n.Probes != 300 {
		t.Errorf("%d visits, %+v", visits, n)
	}
	home := slices.IndexFunc(entry.Seen, func(x Seen) bool { return x.Address == "192.168.1.10" })
	if home < 0 || entry.Seen[home].Count != 300 {
		t.Errorf("the address that was always seen: %+v", entry.Seen)
	}
	if data, _ := json.Marshal(entry); len(data) > 8<<10 {
		t.Errorf("an entry of %d bytes", len(data))
	}
}

// TestSeenAnew holds that a visit which is still open is counted at an address
// that has taken the place of another one.
func TestSeenAnew(t *testing.T) {
	l := Merge(Ledger{}, probe("open", "page.example", start, "10.0.0.1"), start+5)
	for i := range maxKept {
		at := start + int64(i+1)*1000
		l = Merge(l, probe("two", "page.example", at, fmt.Sprintf("10.0.1.%d", i)), at+5)
	}
	const last = "10.0.1.15" // in the place of 10.0.0.1
	l = Merge(l, probe("open", "page.example", start+20_000, last), start+20_005)
	for _, x := range find(t, l, "page.example").Seen {
		if x.Address == "10.0.0.1" || x.Address == last && x.Count != 2 {
			t.Errorf("%+v", x)
		}
	}
}

// TestNewUnderAnOldClock holds that the site of this moment is kept when a full
// ledger is dated later.
func TestNewUnderAnOldClock(t *testing.T) {
	var l Ledger
	for i := range maxSites {
		l = Merge(l, probe("v", fmt.Sprintf("site%d.example", i), start, "192.168.1.10"), start+int64(i))
	}
	l = Merge(l, probe("v", "new.example", start-maxAge, "192.168.1.10"), start-maxAge+5)
	wellKept(t, l)
	find(t, l, "new.example")
}

func TestLedgerAges(t *testing.T) {
	l := Merge(Ledger{}, probe("a", "old.example", start, "192.168.1.10"), start+5)
	l = Choose(l, "never.example", Choice{Never: true}, start)
	quiet := Judge("b", "new.example", nil, start)
	if got := Merge(l, quiet, start+5+maxAge); len(got.Sites) != 2 {
		t.Errorf("at its age: %+v", got.Sites)
	}
	got := Merge(l, quiet, start+6+maxAge)
	if len(got.Sites) != 1 || got.Sites[0].Site != "never.example" {
		t.Errorf("past it: %+v", got.Sites)
	}
	for _, now := range []int64{0, -1, start - 1} { // a clock that was set back
		if got := Merge(l, quiet, now); len(got.Sites) != 2 {
			t.Errorf("at %d: %+v", now, got.Sites)
		}
	}
}

func TestChooseAndErase(t *testing.T) {
	l := Merge(Ledger{}, probe("a", "page.example", start, "192.168.1.10"), start+5)
	l = Choose(l, "www.page.example", Choice{Noticed: start + 6, Dismissed: -4}, start+6)
	if e := find(t, l, "page.example"); e.Choice != (Choice{Noticed: start + 6}) || len(e.Seen) != 1 {
		t.Errorf("%+v", e)
	}
	if got := Choose(l, "<b>", Choice{Never: true}, start); !reflect.DeepEqual(got, l) {
		t.Errorf("a choice for no site: %+v", got)
	}
	l = Choose(l, "other.example", Choice{Never: true}, start+7)
	if l = Erase(l, "a.page.example"); len(l.Sites) != 1 || l.Sites[0].Site != "other.example" {
		t.Errorf("%+v", l.Sites)
	}
}

func TestForExport(t *testing.T) {
	l := Merge(Ledger{}, probe("secret", "page.example", start, "192.168.1.10"), start+5)
	data, err := json.Marshal(ForExport(l, start+9))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"format":"watertight-sites-1","at":1800000000009,"sites":[{"site":"page.example","first":1800000000005,"last":1800000000005,` +
		`"kind":"probe","visits":1,"counts":{"calls":0,"data":0,"loopbacks":0,"probes":1,"reads":1,"undecided":0,"idle":0},` +
		`"choice":{"never":false,"noticed":0,"dismissed":0},"seen":[{"address":"192.168.1.10","site":"page.example","class":"private",` +
		`"via":"host","hardware":false,"probe":true,"first":1800000000001,"last":1800000000001,"count":1}],"by":[]}]}`
	if string(data) != want {
		t.Errorf("exported %s", data)
	}
	if data, _ := json.Marshal(ForExport(Ledger{}, 0)); string(data) != `{"format":"watertight-sites-1","at":0,"sites":[]}` {
		t.Errorf("of nothing: %s", data)
	}
}

// TestStored holds that a ledger survives the disk, and that one which cannot be
// read counts as none.
func TestStored(t *testing.T) {
	l := Choose(Merge(Ledger{}, probe("a", "page.example", start, "192.168.1.10"), start+5), "b.example", Choice{Never: true}, start)
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var again Ledger
	if err := json.Unmarshal(data, &again); err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("%v: %+v, was %+v", err, again, l)
	}
	for _, broken := range []string{`7`, `{"sites":7}`, `{"sites":[7,{"site":4},{"site":"a..b"},{"site":"A.example"}]}`, `null`} {
		var l Ledger
		if err := json.Unmarshal([]byte(broken), &l); err != nil {
			t.Errorf("%s: %v", broken, err)
		}
		if l = Merge(l, Report{}, start); len(l.Sites) != 0 {
			t.Errorf("%s became %+v", broken, l)
		}
	}
}
