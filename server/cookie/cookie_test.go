package cookie

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"testing"
	"time"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSipHash: the vectors of the paper's appendix and of its reference code.
func TestSipHash(t *testing.T) {
	var key [16]byte
	m := make([]byte, 15)
	for i := range key {
		key[i] = byte(i)
	}
	for i := range m {
		m[i] = byte(i)
	}
	for n, want := range map[int]uint64{0: 0x726fdb47dd0e0e31, 15: 0xa129ca6149be45e5} {
		if got := sipHash(&key, m[:n]); got != want {
			t.Errorf("%d bytes: %x, want %x", n, got, want)
		}
	}
}

// TestVectors of RFC 9018, appendix A.
func TestVectors(t *testing.T) {
	const one, two = "e5e973e5a6b2a43f48e7dc849e37bfcf", "445536bcd2513298075a5d379663c962"
	for _, test := range []struct {
		key, address string
		now          int64
		option, want string
	}{
		{one, "198.51.100.100", 1559731985, "2464c4abcf10c957", "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
		{one, "198.51.100.100", 1559734385, "2464c4abcf10c957010000005cf79f111f8130c3eee29480", "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"},
		{one, "203.0.113.203", 1559734700, "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"},
		{two, "2001:db8:220:1:59de:d0f4:8769:82b8", 1559741961, "22681ab97d52c298010000005cf7c57926556bd0934c72f8", "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
	} {
		j := &Jar{now: func() time.Time { return time.Unix(test.now, 0) }}
		copy(j.key[:], unhex(t, test.key))
		if got := j.Reply(nil, unhex(t, test.option), netip.MustParseAddr(test.address)); hex.EncodeToString(got) != test.want {
			t.Errorf("%s: %x, want %s", test.option, got, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	now := time.Unix(1<<32-1000, 0) // the counter of seconds goes round meanwhile
	j := New(func() time.Time { return now })
	client := netip.MustParseAddr("192.0.2.1")
	option := j.Reply(nil, []byte("12345678"), client)
	for _, test := range []struct {
		after        time.Duration
		valid, stale bool
	}{{0, true, false}, {renew, true, false}, {renew + time.Second, true, true}, {life, true, true}, {life + time.Second, false, true}, {-future, true, false}, {-future - time.Second, false, true}} {
		now = time.Unix(1<<32-1000, 0).Add(test.after)
		if valid, stale := j.Check(option, client); valid != test.valid || stale != test.stale {
			t.Errorf("after %v: valid %v, stale %v", test.after, valid, stale)
		}
	}
	now = time.Unix(1<<32-1000, 0)
	if valid, _ := j.Check(option, netip.MustParseAddr("192.0.2.2")); valid {
		t.Error("good for another address")
	}
	if valid, _ := New(j.now).Check(option, client); valid {
		t.Error("good for another key")
	}
	for i := range option {
		changed := bytes.Clone(option)
		changed[i]++
		if valid, _ := j.Check(changed, client); valid {
			t.Errorf("good with byte %d changed", i)
		}
	}
	if again := j.Reply(nil, option, client); !bytes.Equal(again, option) {
		t.Error("a young cookie is not kept")
	}
}

func FuzzCheck(f *testing.F) {
	j := New(time.Now)
	client := netip.MustParseAddr("2001:db8::1")
	f.Add([]byte("12345678"))
	f.Add(append([]byte("12345678\x01\x00\x00\x00"), binary.BigEndian.AppendUint32(nil, uint32(time.Now().Unix()))...))
	f.Fuzz(func(t *testing.T, option []byte) {
		if !WellFormed(option) {
			return
		}
		if valid, _ := j.Check(option, client); valid {
			t.Fatal("guessed")
		}
		if valid, _ := j.Check(j.Reply(nil, option, client), client); !valid {
			t.Fatal("the reply is not valid")
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	j := New(time.Now)
	client := netip.MustParseAddr("192.0.2.1")
	option := j.Reply(nil, []byte("12345678"), client)
	b.ReportAllocs()
	for b.Loop() {
		j.Check(option, client)
	}
}
