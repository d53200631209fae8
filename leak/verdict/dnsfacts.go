package verdict

// overHTTPS reports whether Firefox looked names up over HTTPS (RFC 8484).
func (j *judgement) overHTTPS() bool {
	return j.ev.DNS != nil && j.ev.DNS.TRR != nil && *j.ev.DNS.TRR
}

// dnsFacts says what else is known of the look-ups. None of it is a leak.
func (j *judgement) dnsFacts(d *DNS) {
	if j.overHTTPS() {
		j.fact(rowDNS, Fact{Text: text(msgFactTRR)})
	}
	if d.DNSSEC == nil || d.DNSSEC.Valid != "resolved" {
		return // if the good name fails too, the broken one says nothing
	}
	switch d.DNSSEC.Broken { // RFC 4035 §5.5: a bogus answer becomes SERVFAIL
	case "failed":
		j.fact(rowDNS, Fact{Text: text(msgFactDNSSECYes)})
	case "resolved":
		j.fact(rowDNS, Fact{Text: text(msgFactDNSSECNo)})
	}
}
