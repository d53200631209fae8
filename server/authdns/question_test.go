package authdns

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

// question is a packet written by hand, so that it can be what a library would not
// write.
type question struct {
	text   string
	packet []byte
	from   netip.AddrPort
	over   sightings.Transport
}

// questionOf reads "NAME TYPE [word…]". The words set the header (rd cd ad aa tc ra
// z qr opcode=N class=N questions=N answers=N), the OPT record (edns[=VERSION] size=N
// do co flags=HEX option=CODE[:HEX] twice), the way (tcp, v6, port=0), and cut the
// packet (cut=N octets) or give all of it (hex=…).
func questionOf(t *testing.T, text string) question {
	t.Helper()
	q := question{text: text, from: peers[0]}
	words := strings.Fields(text)
	name := make([]byte, 300)
	end, err := dns.PackDomainName(words[0], name, 0, nil, false)
	qtype, known := dns.StringToType[words[1]]
	if n, numeric := strings.CutPrefix(words[1], "TYPE"); numeric {
		qtype, known = uint16(number(t, n)), true
	}
	if err != nil || !known {
		t.Fatalf("%q: %v", text, err)
	}
	head := []byte{0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	class, questions, cut := 1, 1, -1
	o := optWriter{size: 1232}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		bit, isFlag := headerFlags[key]
		switch {
		case isFlag:
			binary.BigEndian.PutUint16(head[2:], binary.BigEndian.Uint16(head[2:])|bit)
		case key == "opcode":
			head[2] |= byte(number(t, value)) << 3
		case key == "class":
			class = number(t, value)
		case key == "questions":
			questions = number(t, value)
		case key == "answers":
			head[7] = byte(number(t, value))
		case key == "tcp":
			q.over = sightings.TCP
		case key == "v6":
			q.from = peers[1]
		case key == "port":
			q.from = netip.AddrPortFrom(q.from.Addr(), uint16(number(t, value)))
		case key == "cut":
			cut = number(t, value)
		case key == "hex":
			q.packet = unhex(t, value)
		default:
			o.word(t, key, value)
		}
	}
	if q.packet != nil {
		return q
	}
	head[5] = byte(questions)
	b := head
	for range questions {
		b = append(b, name[:end]...)
		b = binary.BigEndian.AppendUint16(b, qtype)
		b = binary.BigEndian.AppendUint16(b, uint16(class))
	}
	b = o.write(b)
	if cut >= 0 {
		b = b[:cut]
	}
	q.packet = b
	return q
}

var headerFlags = map[string]uint16{"qr": 0x8000, "aa": 0x400, "tc": 0x200, "rd": 0x100, "ra": 0x80, "z": 0x40, "ad": 0x20, "cd": 0x10}

// optWriter makes the OPT record.
type optWriter struct {
	records int
	version byte
	size    uint16
	flags   uint16
	options []byte
}

func (o *optWriter) word(t *testing.T, key, value string) {
	t.Helper()
	o.records = max(o.records, 1)
	switch key {
	case "edns":
		if value != "" {
			o.version = byte(number(t, value))
		}
	case "size":
		o.size = uint16(number(t, value))
	case "do":
		o.flags |= 0x8000
	case "co":
		o.flags |= 0x4000
	case "flags":
		o.flags |= binary.BigEndian.Uint16(unhex(t, value))
	case "option":
		code, data, _ := strings.Cut(value, ":")
		raw := unhex(t, data)
		o.options = binary.BigEndian.AppendUint16(o.options, uint16(number(t, code)))
		o.options = binary.BigEndian.AppendUint16(o.options, uint16(len(raw)))
		o.options = append(o.options, raw...)
	case "twice":
		o.records = 2
	default:
		t.Fatalf("word %q", key)
	}
}

func (o *optWriter) write(b []byte) []byte {
	for range o.records {
		b[11]++
		b = append(b, 0, 0, 41)
		b = binary.BigEndian.AppendUint16(b, o.size)
		b = append(b, 0, o.version)
		b = binary.BigEndian.AppendUint16(b, o.flags)
		b = binary.BigEndian.AppendUint16(b, uint16(len(o.options)))
		b = append(b, o.options...)
	}
	return b
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
