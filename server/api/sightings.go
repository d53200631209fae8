package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"watertight/server/asn"
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
	// few addresses.
	maxStreamsPerPeer = 128
)

// pace is how long streams live and how often they beat; tests have no time.
type pace struct{ life, beat time.Duration }

// sighting is the JSON of a sightings.Sighting.
type sighting struct {
	Label     string       `json:"label"`
	Vector    string       `json:"vector"`
	Resolver  string       `json:"resolver"`
	Family    int          `json:"family"`
	Transport string       `json:"transport"`
	Network   *asn.Network `json:"network"`
	QTypes    []string     `json:"qtypes"`
	EDNS      *edns        `json:"edns"`
	ECS       string       `json:"ecs"`
}

type edns struct {
	Size   uint16 `json:"size"`
	DO     bool   `json:"do"`
	Cookie bool   `json:"cookie"`
}

func (h *Handler) json(s sightings.Sighting) sighting {
	out := sighting{
		Label: s.Label.String(), Vector: s.Label.Vector(),
		Resolver: s.Resolver.String(), Family: family(s.Resolver), Transport: s.Transport.String(),
		Network: h.network(s.Resolver), QTypes: make([]string, len(s.Types)),
	}
	for i, t := range s.Types {
		out.QTypes[i] = typeName(t)
	}
	if s.EDNS.Present {
		out.EDNS = &edns{s.EDNS.Size, s.EDNS.DO, s.EDNS.Cookie}
	}
	if s.ECS.IsValid() {
		out.ECS = s.ECS.String()
	}
	return out
}

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
	list := []sighting{}
	for _, s := range h.Table.Snapshot(token) {
		list = append(list, h.json(s))
	}
	reply(w, http.StatusOK, map[string]any{"sightings": list})
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
	leave, ok := h.streams.enter(peer(r))
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
	out := flusher{w, http.NewResponseController(w)}
	end := time.NewTimer(h.pace.life)
	defer end.Stop()
	beat := time.NewTicker(h.pace.beat)
	defer beat.Stop()

	err := out.send("event: open\ndata: {}\n\n")
	for err == nil {
		if list := sub.Next(); len(list) > 0 {
			if err = out.send(h.events(list)); err != nil {
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

func (h *Handler) events(list []sightings.Sighting) string {
	var b strings.Builder
	for _, s := range list {
		data, err := json.Marshal(h.json(s))
		if err != nil {
			continue // no field of a sighting can fail
		}
		b.WriteString("event: sighting\ndata: ")
		b.Write(data)
		b.WriteString("\n\n")
	}
	return b.String()
}

type flusher struct {
	w http.ResponseWriter
	c *http.ResponseController
}

// send writes and flushes at once. Not every writer knows deadlines (a Worker's
// does not), and those that do would otherwise cut the stream at the server's
// general limit.
func (f flusher) send(s string) error {
	_ = f.c.SetWriteDeadline(time.Now().Add(writeTime))
	if err := writeString(f.w, s); err != nil {
		return err
	}
	return f.c.Flush() //nolint:wrapcheck // ends the stream, is told to nobody
}
