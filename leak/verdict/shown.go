package verdict

import "slices"

// WebRTC tells how a finished check judged WebRTC, and which addresses leaked;
// package harden acts on it. A leak that no address proves is unknown.
func (v Verdict) WebRTC() (Outcome, []string) {
	if !v.Final {
		return Unknown, nil
	}
	var leaking []string
	for _, f := range v.Findings {
		if f.Row != rowWebRTC || f.Level != levelLeak {
			continue
		}
		for _, p := range f.Evidence {
			if p.Address != "" {
				leaking = append(leaking, p.Address)
			}
		}
	}
	if len(leaking) > 0 {
		slices.Sort(leaking)
		return Leak, slices.Compact(leaking)
	}
	for _, r := range v.Rows {
		if r.ID == rowWebRTC && r.Outcome == Clear {
			return Clear, nil
		}
	}
	return Unknown, nil
}

// Has reports whether the verdict has a finding.
func (v Verdict) Has(id string) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.ID == id })
}
