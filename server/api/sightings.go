package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"watertight/server/sightings"
)

const (
	// streamLife: a check is over after 2.5 s, the deep test after some more.
	streamLife = 30 * time.Second
	// heartbeat keeps middleboxes from closing an idle connection, and finds out
	// that a client is gone.
	heartbeat = 5 * time.Second
	// writeTime for one event: who cannot take 1 kB in that time is gone.
	writeTime = 5 * time.Second

	// maxStreams at about 20 kB each.
	maxStreams = 8192
	// maxStreamsPerPeer: a carrier-grade NAT hides many users, a flood comes from
	// few addresses, or from all of one customer's (limit.NewPlaces).
	maxStreamsPerPeer = 128
)

// pace is how long streams live, how often they beat, and how long one write may take;
// tests have no time.
type pace struct{ life, beat, write time.Duration }

func (h *Handler) sightings(w http.ResponseWriter, r *http.Request, name string) {
	token, ok := sightings.ParseToken(name)
	if !ok {
		fail(w, http.StatusBadRequest, "bad-token", "want 26 characters of a-z and 2-7")
		return
	}
	w.Header().Set("Vary", "Accept")
	if r.Method == http.MethodGet && acceptsStream(r) {
		h.stream(w, r, token)
		return
	}
	all := struct {
		Sightings []sighting `json:"sightings"`
		Paths     []path     `json:"paths"`
		Full      bool       `json:"full,omitempty"`
	}{Sightings: []sighting{}, Paths: []path{}}
	news := h.Table.Snapshot(token)
	all.Full = news.Full
	for _, s := range news.Sightings {
		all.Sightings = append(all.Sightings, h.json(s))
	}
	for _, p := range news.Paths {
		all.Paths = append(all.Paths, h.path(p))
	}
	reply(w, http.StatusOK, all)
}

func acceptsStream(r *http.Request) bool {
	for _, v := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(v, ",") {
			kind, _, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(kind), "text/event-stream") {
				return true
			}
		}
	}
	return false
}

// stream sends server-sent events (HTML standard §9.2). Every event carries
// data, since an EventSource does not tell of one without.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, token sightings.Token) {
	leave, ok := h.streams.Enter(peer(r))
	if !ok {
		w.Header().Set("Retry-After", "5")
		fail(w, http.StatusTooManyRequests, "too-many-streams", "too many streams are open")
		return
	}
	defer leave()
	sub := h.Table.Subscribe(token)
	defer sub.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // for an nginx in front
	out := flusher{w, http.NewResponseController(w), h.pace.write}
	defer out.allow() // for the end of the body, which net/http writes
	end := time.NewTimer(h.pace.life)
	defer end.Stop()
	beat := time.NewTicker(h.pace.beat)
	defer beat.Stop()

	err := out.send("event: open\ndata: {}\n\n")
	for err == nil {
		if news := sub.Next(); !news.Empty() {
			if err = out.send(h.events(news)); err != nil {
				return
			}
		}
		select {
		case <-sub.Wake():
		case <-beat.C:
			err = out.send(": still here\n\n")
		case <-end.C:
			return
		case <-r.Context().Done():
			return
		case <-h.Done:
			return
		}
	}
}

func (h *Handler) events(news sightings.News) string {
	var b strings.Builder
	for _, p := range news.Paths {
		writeEvent(&b, "path", h.path(p))
	}
	for _, s := range news.Sightings {
		writeEvent(&b, "sighting", h.json(s))
	}
	if news.Full { // last: what is known is known
		b.WriteString("event: full\ndata: {}\n\n")
	}
	return b.String()
}

func writeEvent(b *strings.Builder, kind string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		return // no field of ours can fail
	}
	fmt.Fprintf(b, "event: %s\ndata: %s\n\n", kind, data)
}

type flusher struct {
	w    http.ResponseWriter
	c    *http.ResponseController
	time time.Duration // for one write
}

// send writes and flushes at once, and leaves no deadline behind: over HTTP/2 that is not
// one for writes but a timer, which resets the stream (net/http, responseWriter of
// HTTP/2), also while there is nothing to write.
func (f flusher) send(s string) error {
	f.allow()
	if err := writeString(f.w, s); err != nil {
		return err
	}
	if err := f.c.Flush(); err != nil {
		return err //nolint:wrapcheck // ends the stream, is told to nobody
	}
	_ = f.c.SetWriteDeadline(time.Time{})
	return nil
}

// allow gives the next write its time. Not every writer knows deadlines (a Worker's does
// not), and those that do would otherwise cut the stream at the server's general limit.
func (f flusher) allow() { _ = f.c.SetWriteDeadline(time.Now().Add(f.time)) }

// Streams is how many are open.
func (h *Handler) Streams() int {
	n, _ := h.streams.Taken()
	return n
}
