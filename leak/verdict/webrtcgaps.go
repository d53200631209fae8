package verdict

// webrtcGaps says what could not be gathered, and whether that matters.
func (j *judgement) webrtcGaps(g gathered) {
	if len(g.frames) == 0 {
		if j.ev.Final {
			j.unknown(rowWebRTC, text(msgUnknownWebRTCMissing))
		} else {
			j.wait(rowWebRTC)
		}
		return
	}
	if j.exitsSettled() && !j.anyExit() {
		// The companion is out of reach, so its frame and its STUN server prove
		// nothing by their silence.
		j.unknown(rowWebRTC, text(msgUnknownCompanion))
	}
	useful := false
	for _, f := range g.frames {
		says := j.frameGap(f, g) // every frame must be looked at
		useful = useful || says
	}
	if !useful && !j.rows[rowWebRTC].pending {
		j.unknown(rowWebRTC, text(msgUnknownWebRTCFrame))
	}
}

// frameGap notes what one frame lacks. It reports whether the frame says
// anything at all, if only why it does not.
func (j *judgement) frameGap(f frame, g gathered) bool {
	if f.bad > 0 {
		j.unknown(rowWebRTC, text(msgUnknownWebRTCGarbage))
	}
	switch f.Status {
	case "pending":
		j.wait(rowWebRTC)
	case "complete":
		// Hosts but no srflx, and an error: the STUN server's name or address
		// was not reached. With nothing shown at all there is nothing to reach
		// it from, which is what the strictest policy does. Firefox tells of no
		// errors, so there it takes an answer in some frame; only in some, since
		// a frame need not reach both families. And only if it opened a UDP
		// socket: behind a SOCKS proxy Firefox has TCP candidates alone, and then
		// there is no STUN that could give anything away.
		silent := j.ev.Browser == "firefox" && g.srflx == 0 && f.udp > 0
		if f.srflx == 0 && f.host > 0 && (len(f.Errors) > 0 || silent) {
			j.unknown(rowWebRTC, text(msgUnknownWebRTCSTUN))
		}
	case "timeout":
		if f.srflx == 0 && !j.proxyOnly(f) {
			j.unknown(rowWebRTC, text(msgUnknownWebRTCSTUN))
		}
	case "failed":
		return j.frameFailed(f, g)
	default:
		j.unknown(rowWebRTC, text(msgUnknownWebRTCGarbage))
	}
	return true
}

// frameFailed judges a frame that could not gather. Without IPv6 its frame
// cannot load, and nothing is lost; a browser without WebRTC shows nothing. And
// only Firefox chooses interfaces by how the page itself was reached: in
// Chromium one frame that gathered speaks for both.
func (j *judgement) frameFailed(f frame, g gathered) bool {
	if f.Reason == "no-webrtc" && len(f.Candidates) == 0 {
		return true
	}
	if f.Reason == "frame-forbidden" {
		j.unknown(rowWebRTC, text(msgUnknownWebRTCForbidden))
		return true
	}
	if j.ev.Browser == "chromium" && f.Reason == "frame-unreachable" && g.through() {
		return false
	}
	if f.Frame == 4 || f.Frame == 6 {
		x := j.exit(f.Frame)
		switch {
		case x != nil && x.status == "pending" && !j.ev.Final:
			j.wait(rowWebRTC)
			return true
		case !x.good() && j.anyExit():
			return false
		}
	}
	j.unknown(rowWebRTC, text(msgUnknownWebRTCFrame))
	return true
}

// through reports whether some frame gathered to the end.
func (g gathered) through() bool {
	for _, f := range g.frames {
		if f.Status == "complete" || f.Status == "timeout" {
			return true
		}
	}
	return false
}

// proxyOnly reports whether Firefox gathers nothing and never ends, because
// only a proxy may be used. The setting alone would prove nothing; here what was
// measured agrees with it.
func (j *judgement) proxyOnly(f frame) bool {
	return j.ev.Browser == "firefox" && j.ev.Policy != nil && j.ev.Policy.Value == "proxy_only" &&
		f.host == 0 && f.srflx == 0 && f.bad == 0
}

// calmWebRTC chooses what the row says if nothing leaks.
func (j *judgement) calmWebRTC(g gathered) {
	r := j.rows[rowWebRTC]
	off := len(g.frames) > 0
	for _, f := range g.frames {
		off = off && f.Status == "failed" && f.Reason == "no-webrtc" && len(f.Candidates) == 0
	}
	if g.hidden > 0 {
		r.facts = append(r.facts, Fact{Text: text(msgFactWebRTCHidden)})
	}
	switch {
	case off:
		r.calm = text(msgRowWebRTCOff)
	case g.lines == 0:
		r.calm = text(msgRowWebRTCNothing)
	case g.srflx == 0 && g.hidden == g.lines:
		r.calm = text(msgRowWebRTCHidden)
	default:
		r.calm = text(msgRowWebRTCSame)
	}
}
