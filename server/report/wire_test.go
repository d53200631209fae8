package report

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"watertight/server/sightings"
)

const tok, tok2 = "abcdefghijklmnopqrstuv2345", "zbcdefghijklmnopqrstuv2345"

func token(s string) sightings.Token {
	t, ok := sightings.ParseToken(s)
	if !ok {
		panic(s)
	}
	return t
}

// query is a record with everything in it.
func query(t string) Record {
	l, _ := sightings.ParseLabel("f0")
	return Record{Observation: sightings.Observation{
		Token: token(t), Label: l, Resolver: netip.MustParseAddr("198.51.100.53"), Transport: sightings.TCP, Type: 65,
		EDNS: sightings.EDNS{Present: true, Size: 1232, DO: true, Cookie: true}, ECS: netip.MustParsePrefix("192.0.2.0/24"),
	}}
}

func path(t string) Record {
	return Record{Path: true, Observation: sightings.Observation{Token: token(t), Resolver: netip.MustParseAddr("2001:db8::7")}}
}

func raw(records ...Record) (out []byte) {
	for _, r := range records {
		var b Raw
		r.Put(&b)
		out = append(out, b[:]...)
	}
	return out
}

var head = Header{Key: KeyID([]byte("01234567")), Boot: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, Sequence: 7, Time: time.UnixMilli(1_800_000_000_123)}

// TestLayout holds the format that the package's documentation promises, octet by octet:
// programs of others cut it at these places.
func TestLayout(t *testing.T) {
	got := Append(nil, head, raw(query(tok)))
	want := hex.EncodeToString([]byte("WTR1"+"01234567")) + "0102030405060708" + "0000000000000007" + "000001a3185c507b" + "0001" + "0000" +
		hex.EncodeToString([]byte(tok+"f0")) + "00" + "fe" + "00000000000000000000ffffc6336435" + "0041" + "04d0" + "00000000000000000000ffffc0000200" + "18"
	if hex.EncodeToString(got) != want {
		t.Errorf("got  %x\nwant %s", got, want)
	}
	if n := Append(nil, head, raw(path(tok))); hex.EncodeToString(n[headerSize:]) != hex.EncodeToString([]byte(tok))+"000000"+"01"+"20010db8000000000000000000000007"+strings.Repeat("0", 42) {
		t.Errorf("path %x", n[headerSize:])
	}
}

// TestMissing: the field's units, and that it comes back.
func TestMissing(t *testing.T) {
	for age, want := range map[time.Duration]Missing{-time.Second: 1, 0: 1, 99 * time.Millisecond: 1, 100 * time.Millisecond: 2, 20 * time.Second: 201, 24 * time.Hour: 65535} {
		m := MissingSince(age)
		back, is := m.age()
		if m != want || !is || back > max(age, 0) || age < time.Hour && back <= age-missingUnit {
			t.Errorf("%v: %d, which is %v", age, m, back)
		}
		h := head
		h.Missing = m
		if b, err := Parse(Append(nil, h, nil)); err != nil || b.Header != h {
			t.Errorf("%v: %+v %v", age, b.Header, err)
		}
	}
	if _, is := Missing(0).age(); is {
		t.Error("nothing is something")
	}
}

func TestRoundTrip(t *testing.T) {
	bare := Record{Observation: sightings.Observation{Token: token(tok), Resolver: netip.MustParseAddr("2001:db8::53"), Type: 1}}
	mapped := query(tok2)
	mapped.Resolver = netip.MustParseAddr("::ffff:198.51.100.53")
	six := query(tok2)
	six.ECS = netip.MustParsePrefix("2001:db8:1::/56")
	in := []Record{query(tok), path(tok), bare, mapped, six}
	b, err := Parse(Append(nil, head, raw(in...)))
	if err != nil || b.Header != head || b.Len() != len(in) {
		t.Fatalf("%+v, %v", b.Header, err)
	}
	in[3].Resolver = in[3].Resolver.Unmap()
	if got := slices.Collect(b.Records); !reflect.DeepEqual(got, in) {
		t.Errorf("got  %+v\nwant %+v", got, in)
	}
}

// TestParseRefuses: each of these differs from a right batch in one thing.
func TestParseRefuses(t *testing.T) {
	good := Append(nil, head, raw(query(tok), path(tok2)))
	for name, change := range map[string]func([]byte) []byte{
		"nothing":             func([]byte) []byte { return nil },
		"short header":        func(b []byte) []byte { return b[:headerSize-1] },
		"another version":     func(b []byte) []byte { b[3]++; return b },
		"one octet more":      func(b []byte) []byte { return append(b, 0) },
		"one octet less":      func(b []byte) []byte { return b[:len(b)-1] },
		"count":               func(b []byte) []byte { b[atCount+1]++; return b },
		"sequence 0":          func(b []byte) []byte { clear(b[atSequence:atTime]); return b },
		"time":                func(b []byte) []byte { b[atTime] = 0x80; return b },
		"token":               func(b []byte) []byte { b[headerSize] = 'A'; return b },
		"label":               func(b []byte) []byte { b[headerSize+atLabel] = 'q'; return b },
		"padding of a label":  func(b []byte) []byte { b[headerSize+atLabel+1] = 0; return b },
		"family":              func(b []byte) []byte { b[headerSize+atFlags] &^= isV4; return b },
		"address":             func(b []byte) []byte { b[headerSize+atAddress] = 1; return b },
		"size without EDNS":   func(b []byte) []byte { b[headerSize+atFlags] &^= hasEDNS; return b },
		"subnet without flag": func(b []byte) []byte { b[headerSize+atFlags] &^= hasSubnet; return b },
		"length of a subnet":  func(b []byte) []byte { b[headerSize+atBits] = 33; return b },
		"type of a path":      func(b []byte) []byte { b[headerSize+RecordSize+atType] = 1; return b },
	} {
		if b, err := Parse(change(bytes.Clone(good))); err == nil || b.Len() != 0 {
			t.Errorf("%s: %d records, %v", name, b.Len(), err)
		}
	}
	if _, err := Parse(good); err != nil {
		t.Fatal(err)
	}
	if b, err := Parse(Append(nil, head, raw(slices.Repeat([]Record{path(tok)}, MaxRecords)...))); err != nil || b.Len() != MaxRecords {
		t.Errorf("the largest: %v", err)
	}
	if _, err := Parse(Append(nil, head, raw(slices.Repeat([]Record{path(tok)}, MaxRecords+1)...))); err == nil {
		t.Error("larger than the largest")
	}
}

// TestSplit: every record is in one part, in its order, under the same header.
func TestSplit(t *testing.T) {
	in := []Record{query(tok), path(tok2), path(tok), query(tok2)}
	b, err := Parse(Append(nil, head, raw(in...)))
	if err != nil {
		t.Fatal(err)
	}
	parts := b.Split(func(k sightings.Token) int { return int(k[0]) })
	for n, want := range map[int][]Record{'a': {in[0], in[2]}, 'z': {in[1], in[3]}} {
		part, err := Parse(parts[n])
		if got := slices.Collect(part.Records); err != nil || part.Header != head || !reflect.DeepEqual(got, want) {
			t.Errorf("%c: %+v %v", n, got, err)
		}
	}
	if len(parts) != 2 {
		t.Errorf("%d parts", len(parts))
	}
}

func TestPutAllocates(t *testing.T) {
	r, to := query(tok), new(Raw)
	if n := testing.AllocsPerRun(100, func() { r.Put(to) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzParse: what is taken is what a node would have written of the same records.
func FuzzParse(f *testing.F) {
	f.Add([]byte{})
	f.Add(Append(nil, head, nil))
	f.Add(Append(nil, head, raw(query(tok), path(tok2))))
	f.Fuzz(func(t *testing.T, in []byte) {
		b, err := Parse(in)
		if err != nil {
			return
		}
		if again := Append(nil, b.Header, raw(slices.Collect(b.Records)...)); !bytes.Equal(again, in) {
			t.Fatalf("%x\nreads back as\n%x", in, again)
		}
		table := sightings.New(sightings.Options{Tokens: 4, Shards: 1})
		r := NewReceiver(table, func() time.Time { return b.Time })
		if isNew, err := r.Accept(b); err != nil || !isNew {
			t.Fatal(err)
		}
		for record := range b.Records {
			if table.Snapshot(record.Token).Empty() && table.Live() < 4 {
				t.Fatalf("nothing under %s", record.Token)
			}
		}
	})
}
