package udp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// batchSize: a system call costs as much as handling a packet or two, so at
	// thirty-two there is little left to gain, and the buffers stay in the cache.
	batchSize = 32

	// outSize holds every answer over UDP; what is larger gets memory of its own.
	outSize = 1280

	// few packets are answered by whoever read them before anybody else may read.
	few = 8

	// stride from one packet's place to the next: at the size of a page all their
	// beginnings would compete for the same few lines of the first cache.
	stride = maxPacket + 192
)

// message is struct mmsghdr of recvmmsg(2).
type message struct {
	unix.Msghdr
	size uint32
}

// batch reads and answers many packets with two system calls. It uses them
// directly: golang.org/x/net allocates addresses for each packet, and costs 1.4
// times as much. The socket stays Go's, so waiting and closing are as ever.
//
// The calls are raw: they never wait (MSG_DONTWAIT), but a batch takes longer than
// the 20 µs after which Go takes such a thread's processor away to give it to
// others. To get it back cost a seventh of all time.
type batch struct {
	s             *Server
	raw           syscall.RawConn
	receive, send func(fd uintptr) bool // made once: a closure for each call would allocate

	in, out    [batchSize]message
	inIO       [batchSize]unix.Iovec
	outIO      [batchSize]unix.Iovec
	peers      [batchSize]peer
	controls   [batchSize]control
	packets    []byte // batchSize × stride
	replies    []byte // batchSize × outSize
	got        int
	first, end int // of out, still to send
	failed     syscall.Errno
}

// stepper falls back where the system call is missing or forbidden.
func (s *Server) stepper() func() error {
	raw, err := s.conn.SyscallConn()
	if err != nil || !available(raw) {
		return s.single()
	}
	b := &batch{s: s, raw: raw, packets: make([]byte, batchSize*stride), replies: make([]byte, batchSize*outSize)}
	b.receive, b.send = b.receiveNow, b.sendNow
	for i := range b.in {
		b.inIO[i].Base = &b.packets[i*stride]
		b.inIO[i].SetLen(maxPacket)
		m := &b.in[i]
		m.Iov, m.Name = &b.inIO[i], &b.peers[i][0]
		m.SetIovlen(1)
		b.reset(m, i)
		b.out[i].Iov = &b.outIO[i]
		b.out[i].SetIovlen(1)
	}
	return b.step
}

// available asks for no packets at all.
func available(raw syscall.RawConn) bool {
	ok := false
	err := raw.Control(func(fd uintptr) {
		var m message
		_, _, e := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&m)), 0, unix.MSG_DONTWAIT, 0, 0)
		ok = e != unix.ENOSYS && e != unix.EPERM
	})
	return err == nil && ok
}

// reset gives the kernel the whole buffers again: it has shortened them.
func (b *batch) reset(m *message, i int) {
	m.Namelen = uint32(len(b.peers[i]))
	m.Flags = 0
	if b.s.sources {
		m.Control = b.controls[i].first()
		m.SetControllen(len(b.controls[i]) * wordSize)
	}
}

func (b *batch) step() error {
	if err := b.raw.Read(b.receive); err != nil {
		b.wipe()
		return fmt.Errorf("read packets: %w", err)
	}
	if b.failed != 0 {
		return fmt.Errorf("read packets: %w", b.failed)
	}
	b.answer()
	if b.first == b.end {
		return nil
	}
	if err := b.raw.Write(b.send); err != nil {
		return fmt.Errorf("write packets: %w", err)
	}
	return nil
}

// answer makes the replies to all that was read.
func (b *batch) answer() {
	if b.got == 0 {
		return
	}
	b.first, b.end = 0, 0
	now := time.Now()
	for i := range b.got {
		b.one(i, now)
		b.reset(&b.in[i], i)
	}
}

// wipe forgets who asked what.
func (b *batch) wipe() {
	clear(b.packets)
	clear(b.replies)
	clear(b.peers[:])
}

// one answers the packet in place i.
func (b *batch) one(i int, now time.Time) {
	m := &b.in[i]
	from, ok := b.peers[i].addrPort()
	if !ok {
		return
	}
	packet := b.packets[i*stride:][:m.size:maxPacket]
	if m.Flags&unix.MSG_TRUNC != 0 {
		packet = packet[:0]
	}
	reply := b.s.answer(b.replies[i*outSize:][:0:outSize], packet, from, now)
	if len(reply) == 0 {
		return
	}
	o := &b.out[b.end]
	b.outIO[b.end].Base = &reply[0]
	b.outIO[b.end].SetLen(len(reply))
	b.end++
	o.Name, o.Namelen = m.Name, m.Namelen
	o.Control = nil
	o.SetControllen(0)
	if b.s.sources {
		if n := b.controls[i].source(int(m.Controllen)); n > 0 {
			o.Control = b.controls[i].first()
			o.SetControllen(n)
		}
	}
}

// receiveNow says whether there is anything to be answered by step. While few packets
// come at a time, it answers them itself and waits again: the queue was empty when the
// kernel gave fewer than it was asked for, and what has come since wakes us. That saves a
// system call which would find nothing, and waking another reader for it.
func (b *batch) receiveNow(fd uintptr) bool {
	for {
		n, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&b.in[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
		b.got, b.failed = int(n), e
		switch e {
		case 0:
			if b.got >= few {
				return true
			}
			b.answer()
			if b.sendNow(fd) {
				return false // and wait
			}
			b.got = 0
			return true // step waits until the rest can be sent
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			return false // and wait
		}
		b.got = 0
		return true
	}
}

// sendNow passes over what cannot be sent (no route, a forged source): it concerns
// that one peer, and strangers must not be able to stop the others' answers.
func (b *batch) sendNow(fd uintptr) bool {
	for b.first < b.end {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&b.out[b.first])), uintptr(b.end-b.first), unix.MSG_DONTWAIT, 0, 0)
		switch e {
		case 0:
			b.first += int(n)
		case unix.EINTR:
		case unix.EAGAIN:
			return false
		default:
			b.first++
		}
	}
	return true
}

// peer is a struct sockaddr_in or sockaddr_in6, as it came and as it goes back.
type peer [unix.SizeofSockaddrInet6]byte

func (p *peer) addrPort() (netip.AddrPort, bool) {
	port := binary.BigEndian.Uint16(p[2:])
	switch binary.NativeEndian.Uint16(p[:]) {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(p[4:])), port), true
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(p[8:])).Unmap(), port), true
	}
	return netip.AddrPort{}, false
}
