package capture

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/miekg/dns"
)

var (
	source = netip.MustParseAddr("198.51.100.53")
	at     = time.Unix(1, 2)
)

func message(t testing.TB, name string) []byte {
	b, err := new(dns.Msg).SetQuestion(name, dns.TypeA).Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packet4 puts a payload into TCP or UDP over IPv4, to port 53.
func packet4(proto byte, payload []byte) []byte {
	header := make([]byte, 8)
	if proto == protoTCP {
		header = make([]byte, 20)
		header[12] = 5 << 4
	}
	binary.BigEndian.PutUint16(header, 4711)
	binary.BigEndian.PutUint16(header[2:], 53)
	b := make([]byte, 20, 64)
	b[0], b[9] = 0x45, proto
	copy(b[12:], source.AsSlice())
	b = append(append(b, header...), payload...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func framed(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
}

func TestParser(t *testing.T) {
	var p Parser
	p.Packet(packet4(protoUDP, message(t, "A.example.")), at)
	stream := append(framed(message(t, "b.example.")), framed(message(t, "c.example."))...)
	p.Packet(packet4(protoTCP, stream[:1]), at)
	p.Packet(packet4(protoTCP, stream[1:40]), at)
	p.Packet(packet4(protoTCP, stream[40:]), at)
	v6 := make([]byte, 40)
	v6[0], v6[6] = 0x60, protoUDP
	udp := packet4(protoUDP, message(t, "d.example."))[20:]
	binary.BigEndian.PutUint16(v6[4:], uint16(len(udp)))
	p.Packet(append(v6, udp...), at)
	want := []struct{ name, transport string }{{"A.example.", "udp"}, {"b.example.", "tcp"}, {"c.example.", "tcp"}, {"d.example.", "udp"}}
	if len(p.Queries) != len(want) {
		t.Fatalf("got %v", p.Queries)
	}
	for i, w := range want {
		if q := p.Queries[i]; q.Message.Question[0].Name != w.name || q.Transport != w.transport || i < 3 && q.Source != source {
			t.Errorf("%d: %v", i, q)
		}
	}
}

// request is a STUN request without attributes.
func request(kind uint16) []byte {
	b := make([]byte, stunHeader)
	binary.BigEndian.PutUint16(b, kind)
	binary.BigEndian.PutUint32(b[4:], cookie)
	return b
}

// toPort changes the port that packet4 gave.
func toPort(port uint16, b []byte) []byte {
	binary.BigEndian.PutUint16(b[22:], port)
	return b
}

func TestSTUN(t *testing.T) {
	var p Parser
	for _, b := range [][]byte{
		toPort(3478, packet4(protoUDP, request(0x0001))),
		packet4(protoUDP, request(0x0001)), // on the authority's port
		toPort(3479, packet4(protoTCP, request(0x0003)[:7])),
		toPort(3479, packet4(protoTCP, append(request(0x0003)[7:], request(0x0004)...))),
		toPort(3478, packet4(protoUDP, request(0x0101))),   // an answer
		toPort(3478, packet4(protoUDP, request(0x0011))),   // an indication
		toPort(9, packet4(protoUDP, request(0x0001))),      // to somebody else
		toPort(3478, packet4(protoUDP, []byte("no STUN"))), // and something else
	} {
		p.Packet(b, at)
	}
	want := []STUN{{source, "udp", "binding", at}, {source, "udp", "binding", at}, {source, "tcp", "allocate", at}, {source, "tcp", "other", at}}
	if !slices.Equal(p.STUN, want) || len(p.Queries) != 0 {
		t.Errorf("got %v, %v", p.STUN, p.Queries)
	}
}

func FuzzPacket(f *testing.F) {
	f.Add(packet4(protoUDP, message(f, "a.example.")))
	f.Add(packet4(protoTCP, framed(message(f, "a.example."))))
	f.Add([]byte{0x60})
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Parser
		p.Packet(b, at)
		p.Packet(b, at)
		for _, q := range p.Queries {
			if q.Message.Response || !q.Source.IsValid() {
				t.Error(q)
			}
		}
	})
}
