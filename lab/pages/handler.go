package pages

import (
	"crypto/rand"
	"io"
	"net/http"
	"time"
)

// maxDescription is far beyond any session description of two browsers.
const maxDescription = 1 << 16

// patience is how long an offer waits for its answer, and the peer for an offer.
// slow is how long a page is on its way whose frame is to be caught empty.
const (
	patience = 10 * time.Second
	slow     = 5 * time.Second
)

// offer is one that waits for its answer.
type offer struct {
	id, sdp string
	answer  chan string
}

// mailbox carries descriptions between two browsers, one at a time each way.
type mailbox struct {
	offers  chan offer
	waiting chan map[string]offer // holds the map, or is empty while somebody has it
}

// Handler serves the pages and their mailbox.
func Handler() http.Handler {
	box := mailbox{offers: make(chan offer), waiting: make(chan map[string]offer, 1)}
	box.waiting <- map[string]offer{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /offer", box.offer)
	mux.HandleFunc("GET /next", box.next)
	mux.HandleFunc("POST /answer/{id}", box.answer)
	mux.HandleFunc("GET /204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(slow):
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Late</title>") // a browser that left needs none
	})
	static := http.FileServerFS(Site())
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		static.ServeHTTP(w, r)
	})
	return mux
}

// offer takes a description and replies with the answer to it.
func (m mailbox) offer(w http.ResponseWriter, r *http.Request) {
	sdp, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDescription))
	if err != nil {
		http.Error(w, "no description", http.StatusBadRequest)
		return
	}
	late := time.After(patience)
	o := offer{id: rand.Text(), sdp: string(sdp), answer: make(chan string, 1)}
	select {
	case m.offers <- o:
	case <-late:
		http.Error(w, "nobody takes it", http.StatusGatewayTimeout)
		return
	case <-r.Context().Done():
		return
	}
	select {
	case sdp := <-o.answer:
		_, _ = io.WriteString(w, sdp) // a caller that left needs none
	case <-late:
		http.Error(w, "nobody answers", http.StatusGatewayTimeout)
	case <-r.Context().Done():
	}
}

// next gives the peer an offer to answer, or nothing.
func (m mailbox) next(w http.ResponseWriter, r *http.Request) {
	select {
	case o := <-m.offers:
		all := <-m.waiting
		all[o.id] = o
		m.waiting <- all
		w.Header().Set("Offer", o.id)
		_, _ = io.WriteString(w, o.sdp) // a peer that left answers nothing
	case <-time.After(patience):
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	}
}

// answer takes the peer's answer to an offer that it was given.
func (m mailbox) answer(w http.ResponseWriter, r *http.Request) {
	sdp, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDescription))
	all := <-m.waiting
	o, known := all[r.PathValue("id")]
	delete(all, r.PathValue("id"))
	m.waiting <- all
	if err != nil || !known {
		http.Error(w, "no such offer", http.StatusNotFound)
		return
	}
	o.answer <- string(sdp)
}
