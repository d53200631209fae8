package site

// Export is the ledger for people and other programs: no names of visits.
type Export struct {
	Format string       `json:"format"` // "watertight-sites-1"
	At     int64        `json:"at"`
	Sites  []ExportSite `json:"sites"`
}

// ExportSite is one site.
type ExportSite struct {
	Site   string   `json:"site"`
	First  int64    `json:"first"`
	Last   int64    `json:"last"`
	Kind   Kind     `json:"kind"`
	Visits int      `json:"visits"`
	Counts Counts   `json:"counts"`
	Choice Choice   `json:"choice"`
	Seen   []Seen   `json:"seen"`
	By     []string `json:"by"`
}

// ForExport gives the form in which a ledger leaves the browser.
func ForExport(l Ledger, now int64) Export {
	out := Export{Format: "watertight-sites-1", At: when(now), Sites: []ExportSite{}}
	for _, e := range cleanLedger(l).Sites {
		visits, counts := e.Total()
		out.Sites = append(out.Sites, ExportSite{
			Site: e.Site, First: e.First, Last: e.Last, Kind: counts.kind(), Visits: visits,
			Counts: counts, Choice: e.Choice, Seen: e.Seen, By: e.By,
		})
	}
	return out
}
