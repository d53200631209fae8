package authdns

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/miekg/dns"

	"watertight/server/sightings"
	"watertight/server/tcp"
)

func listen(t *testing.T, h *Handler) *tcp.Server {
	t.Helper()
	l, err := tcp.Listen(netip.MustParseAddrPort("127.0.0.1:0"), h.Stream(), func(where string) { t.Logf("panic in %s", where) })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dial(t *testing.T, l *tcp.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	return c
}

func frame(t *testing.T, q *dns.Msg) []byte {
	t.Helper()
	b, err := q.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
}

// TestPipeline sends two queries in one write and one byte by byte (RFC 7766
// §6.2.1.1, §8).
func TestPipeline(t *testing.T) {
	h, _ := handler(t)
	l := listen(t, h)
	defer l.Close()
	c := dial(t, l)
	one, two := query("f0."+tok+"."+zone, dns.TypeA), query(zone, dns.TypeNS)
	if _, err := c.Write(append(frame(t, one), frame(t, two)...)); err != nil {
		t.Fatal(err)
	}
	conn := &dns.Conn{Conn: c}
	for _, q := range []*dns.Msg{one, two} {
		if m, err := conn.ReadMsg(); err != nil || m.Id != q.Id {
			t.Fatalf("%v, %v", m, err)
		}
	}
	for _, b := range frame(t, one) {
		if _, err := c.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := conn.ReadMsg(); err != nil || m.Id != one.Id {
		t.Fatalf("byte by byte: %v, %v", m, err)
	}
}

// TestReadFramed: messages of every size arrive whole however they come, and what is
// announced and not sent costs no memory.
func TestReadFramed(t *testing.T) {
	for _, size := range []int{0, 1, 511, 512, 513, 4096, 65535} {
		want := bytes.Repeat([]byte{7, 9}, size)[:size]
		stream := append(binary.BigEndian.AppendUint16(nil, uint16(size)), want...)
		for _, r := range []io.Reader{bytes.NewReader(stream), iotest.OneByteReader(bytes.NewReader(stream)), iotest.HalfReader(bytes.NewReader(stream))} {
			if got, err := readFramed(r, nil); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d octets: %d, %v", size, len(got), err)
			}
		}
	}
	if n := testing.AllocsPerRun(200, func() { _, _ = readFramed(strings.NewReader("\xff\xffx"), make([]byte, 0, 512)) }); n > 6 {
		t.Errorf("%v allocations for one octet", n)
	}
}

// keeper is a reader that remembers what it was told to read into.
type keeper struct {
	io.Reader
	into [][]byte
}

func (k *keeper) Read(p []byte) (int, error) {
	k.into = append(k.into, p[:len(p):len(p)])
	return k.Reader.Read(p)
}

// TestReadFramedWipes: of a message that is cut off, nothing is left but in the buffer
// that is given back, which the connection wipes.
func TestReadFramedWipes(t *testing.T) {
	secret := strings.Repeat("secret", 1000)
	for _, sent := range []int{1, 511, 600, 2000, 5000} {
		r := &keeper{Reader: strings.NewReader("\xff\xff" + secret[:sent])}
		buf, err := readFramed(r, make([]byte, 0, 64))
		if err == nil || cap(buf) == 0 {
			t.Fatalf("%d octets: %d, %v", sent, cap(buf), err)
		}
		clear(buf[:cap(buf)])
		for _, b := range r.into[1:] { // the first is of the length
			if bytes.ContainsAny(b, "secr") {
				t.Errorf("%d octets: %d of them are left somewhere", sent, len(b))
			}
		}
	}
}

// FuzzStream: whatever comes over TCP, each message gets the answer that it would get
// alone, framed, and nothing is read past the end.
func FuzzStream(f *testing.F) {
	q, _ := query(zone, dns.TypeSOA).Pack()
	framed := append(binary.BigEndian.AppendUint16(nil, uint16(len(q))), q...)
	f.Add(framed)
	f.Add(append(bytes.Clone(framed), framed...))
	f.Add([]byte{0, 0})
	f.Add([]byte{0xff, 0xff, 0})
	h, _ := handler(f)
	p := h.Stream()
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bytes.NewReader(stream)
		var buf []byte
		for at := 0; ; {
			m, err := p.Read(r, buf)
			if err != nil {
				return
			}
			if at += 2 + len(m); !bytes.Equal(m, stream[at-len(m):at]) || r.Len() != len(stream)-at {
				t.Fatalf("read %x", m)
			}
			out := p.Answer(nil, m, resolver)
			if alone := h.Answer(nil, m, resolver, sightings.TCP); len(alone) == 0 && out != nil || len(alone) > 0 && (len(out) != 2+len(alone) || int(binary.BigEndian.Uint16(out)) != len(alone)) {
				t.Fatalf("%x, alone %x", out, alone)
			}
			buf = m
		}
	})
}

// TestGarbage: what is no DNS ends the connection, and that one only.
func TestGarbage(t *testing.T) {
	h, _ := handler(t)
	h.record = func(o sightings.Observation) {
		if o.Label.Vector() == "p" {
			panic("test")
		}
	}
	h.fast.Record = h.record
	l := listen(t, h)
	defer l.Close()
	for _, b := range [][]byte{{0, 0}, {0, 5, 1, 2, 3, 4, 5}, []byte("GET / HTTP/1.1\r\n\r\n"), frame(t, query("p0."+tok+"."+zone, dns.TypeA))} {
		c := dial(t, l)
		_, _ = c.Write(b)
		_ = c.(*net.TCPConn).CloseWrite()
		if out, _ := io.ReadAll(c); len(out) != 0 {
			t.Errorf("%x: answered %x", b, out)
		}
	}
	client := &dns.Client{Net: "tcp"}
	if m, _, err := client.Exchange(query(zone, dns.TypeSOA), l.Addr().String()); err != nil || len(m.Answer) != 1 {
		t.Errorf("after the garbage: %v, %v", m, err)
	}
}
