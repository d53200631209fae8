package api

import "net/http"

const (
	// maxReports that are waited for, at about 20 kB each before their key is known.
	maxReports = 2048
	// maxReportsPerPeer: a node has 18 under way at most (package outbox), and some nodes
	// may stand behind one address.
	maxReportsPerPeer = 256
)

// report gives a batch to who takes it. Who is silent while it is waited for costs memory,
// so there are bounds. Parts of a batch, which come from a front within, have no address.
func (h *Handler) report(w http.ResponseWriter, r *http.Request) {
	if a := peer(r); a.IsValid() {
		leave, ok := h.reports.Enter(a)
		if !ok {
			w.Header().Set("Connection", "close")
			fail(w, http.StatusServiceUnavailable, "too-many-reports", "too many reports come at once")
			return
		}
		defer leave()
	}
	h.Report.ServeHTTP(w, r)
}
