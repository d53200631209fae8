package site

// Kind is what a connection, or a page, was for.
type Kind string

// The kinds. Nothing and Both are of pages and sites only, Idle of connections.
const (
	Undecided Kind = "undecided" // so far
	Call      Kind = "call"      // sound or picture with somebody else
	Data      Kind = "data"      // a data channel with somebody else
	Loopback  Kind = "loopback"  // sound or picture from the page to itself
	Probe     Kind = "probe"     // looked at addresses, for nothing else that could be seen
	Idle      Kind = "idle"      // ended, or waits, without having looked
	Both      Kind = "both"      // a probe, and a call or data beside it
	Nothing   Kind = "nothing"   // nothing worth a word
)

// Why says what made a connection one kind.
type Why string

// The reasons.
const (
	Connected  Why = "connected"  // it reached somebody
	Ringing    Why = "ringing"    // microphone or camera wait for an answer
	Trying     Why = "trying"     // answered, and trying to connect
	Failed     Why = "failed"     // answered, and could not connect
	GaveUp     Why = "gave-up"    // answered, tried for a while, and closed
	NoAnswer   Why = "no-answer"  // microphone or camera, and closed without answer
	Spare      Why = "spare"      // no answer, beside data connections with the same servers
	Own        Why = "own"        // both ends are in the page
	Closed     Why = "closed"     // closed without answer
	Dropped    Why = "dropped"    // its document ended without answer
	Unanswered Why = "unanswered" // no answer came in time
	Pretended  Why = "pretended"  // an answer was set, and never tried
	Hasty      Why = "hasty"      // an answer was tried, and not waited for
	Waiting    Why = "waiting"    // for an answer, or for what the page does next
	NotLooked  Why = "not-looked" // no address line reached the page
)

// opinion is what the facts of a connection mean at one moment.
type opinion struct {
	kind Kind
	why  Why
	due  int64 // when time alone changes it; 0 never
}

// opinion judges one connection by its own facts.
func (c *Conn) opinion(now int64) opinion {
	peer := Data
	if c.Source != "" {
		peer = Call
	}
	switch {
	case c.Own:
		return c.loopback()
	case c.Up > 0: // connected means answered, whatever else was heard
		return opinion{peer, Connected, 0}
	case c.Remote > 0 && c.Source == FromDevice:
		return opinion{Call, c.outcome(), 0}
	case c.Remote > 0:
		return c.answered(peer, now)
	case c.Local > 0 && c.Source == FromDevice:
		// Nobody grants a microphone to a fingerprint, and people may ring for long.
		if c.End > 0 {
			return opinion{Call, NoAnswer, 0}
		}
		return opinion{Call, Ringing, 0}
	}
	return c.waits(now)
}

// looked is the opinion of a connection that was for nothing that could be seen.
func (c *Conn) looked(why Why) opinion {
	if c.First == 0 {
		return opinion{Idle, NotLooked, 0}
	}
	return opinion{Probe, why, 0}
}

// loopback judges a connection whose other end is in the same page. Previews,
// sound tests and echo cancellers send a track through it; without one it only
// turns addresses up.
func (c *Conn) loopback() opinion {
	if sources[c.Shared] >= sources[FromPage] {
		return opinion{Loopback, Own, 0}
	}
	return c.looked(Own)
}

// outcome tells how an answered connection that never connected went.
func (c *Conn) outcome() Why {
	switch {
	case c.Fail > 0:
		return Failed
	case c.End > 0:
		return GaveUp
	}
	return Trying
}

// answered judges a connection with an answer that never connected. Any text can
// be set as an answer, so it must have been tried, and for a while.
func (c *Conn) answered(peer Kind, now int64) opinion {
	switch {
	case c.Try == 0 && c.Fail == 0:
		if c.End > 0 {
			return c.looked(Pretended)
		}
		return c.until(c.Remote+tryTime, now, c.looked(Pretended))
	case c.Fail > 0:
		return opinion{peer, Failed, 0}
	case c.End > 0 && c.End-c.Try < hasteTime:
		return c.looked(Hasty)
	case c.End > 0:
		return opinion{peer, GaveUp, 0}
	}
	return c.until(c.Try+hasteTime, now, opinion{peer, Trying, 0})
}

// waits judges a connection without an answer.
func (c *Conn) waits(now int64) opinion {
	switch {
	case c.End > 0 && c.Gone:
		return c.looked(Dropped)
	case c.End > 0:
		return c.looked(Closed)
	case c.First == 0:
		return opinion{Undecided, Waiting, 0}
	}
	sent := c.First + gatherTime
	if c.Full > 0 {
		sent = min(sent, max(c.First, c.Full))
	}
	return c.until(sent+answerTime, now, opinion{Probe, Unanswered, 0})
}

// until is undecided up to a time.
func (c *Conn) until(due, now int64, then opinion) opinion {
	if now < due {
		return opinion{Undecided, Waiting, due}
	}
	return then
}

// team is what connections of one application have in common.
type team struct {
	frame int64
	party int
	asked uint32
}

// opinions judges all connections of a page. Offers of a swarm that nobody took
// look like probes; beside data connections of the same document that ask the
// same servers and are answered they are not. A script that has nothing to do
// with the page's own connections rarely names the very same servers.
func (s *State) opinions(now int64) []opinion {
	out := make([]opinion, len(s.Conns))
	answered := map[team][]int{}
	for i := range s.Conns {
		c := &s.Conns[i]
		out[i] = c.opinion(now)
		if out[i].kind == Data {
			k := team{c.Frame, c.Party, c.Asked}
			answered[k] = append(answered[k], i)
		}
	}
	for i := range s.Conns {
		c := &s.Conns[i]
		if out[i].kind != Probe || !c.Data || c.Source != "" || c.Own || c.Asked&more != 0 {
			continue
		}
		for _, j := range answered[team{c.Frame, c.Party, c.Asked}] {
			if c.beside(&s.Conns[j]) {
				out[i] = opinion{Data, Spare, 0}
				break
			}
		}
	}
	return out
}

// beside reports whether two connections of a frame can be of one document:
// neither began after the other's was gone.
func (c *Conn) beside(d *Conn) bool {
	return !(c.Gone && d.Born >= c.End) && !(d.Gone && c.Born >= d.End)
}
