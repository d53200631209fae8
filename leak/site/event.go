package site

import "encoding/json"

// The kinds of events. What is not in this list is dropped.
const (
	Construct   = "construct"          // a connection was made
	ICEServers  = "ice-servers"        // Servers, from its configuration
	DataChannel = "data-channel"       // one was made, or one came from the other side
	Media       = "media"              // Source: a track or a transceiver was added, or a track came
	LocalDesc   = "local-description"  // was set; Key
	RemoteDesc  = "remote-description" // was set; Key
	Candidate   = "candidate"          // Line reached the page: an event, a description that it read, statistics
	Connection  = "connection-state"   // State, of ICE or of the whole (W3C webrtc: iceConnectionState, connectionState)
	Gathering   = "gathering-state"    // State (W3C webrtc: iceGatheringState)
	Stats       = "stats"              // the page read statistics or the selected pair
	Close       = "close"              // the page closed it
	FrameGone   = "frame-gone"         // the document of Frame ended; frame 0 takes all others along
)

var kinds = map[string]bool{
	Construct: true, ICEServers: true, DataChannel: true, Media: true, LocalDesc: true, RemoteDesc: true,
	Candidate: true, Connection: true, Gathering: true, Stats: true, Close: true, FrameGone: true,
}

// Where the media of a connection come from.
const (
	FromDevice  = "device" // microphone, camera or screen: the user has agreed
	FromPage    = "page"   // made by the page: canvas, audio graph, a file
	FromNothing = "none"   // a transceiver without track, or only received
)

// sources in rising order of what they say for a call.
var sources = map[string]int{"": 0, FromNothing: 1, FromPage: 2, FromDevice: 3}

// Event is one thing that happened to one connection of a page, or to a frame.
//
// Frame, Host and At come from the browser and the extension's clock (sender of
// the message, its arrival); the rest comes out of the page and may be forged.
type Event struct {
	Kind   string `json:"kind"`
	Frame  int64  `json:"frame"`
	Conn   int64  `json:"conn"` // numbers the connections of one document; not of frame-gone
	At     int64  `json:"at"`   // milliseconds since 1970
	Host   string `json:"host"` // host name of the frame's URL; "" where there is none, as in about:blank
	State  string `json:"state"`
	Line   string `json:"line"` // as candidate.candidate
	Source string `json:"source"`
	// Key is the first a=ice-ufrag of a description (RFC 8839 §5.4). By it two
	// ends of a connection in one page are known.
	Key     string   `json:"key"`
	Servers []Server `json:"servers"`
}

// Server is one address of an iceServers entry, without port and parameters.
type Server struct {
	Kind string `json:"kind"` // stun, stuns, turn, turns (RFC 7064, RFC 7065)
	Host string `json:"host"`
}

var serverKinds = map[string]bool{"stun": true, "stuns": true, "turn": true, "turns": true}

// UnmarshalJSON reads an event, or one that is dropped: a misshapen one must not
// throw away its neighbours.
func (e *Event) UnmarshalJSON(data []byte) error {
	type plain Event
	if json.Unmarshal(data, (*plain)(e)) != nil {
		*e = Event{}
	}
	return nil
}

// fits reports whether the event can be one. What Line, Key and Servers hold is
// looked at where it is used.
func (e Event) fits() bool {
	switch {
	case !kinds[e.Kind], !within(e.At, 1, maxTime), !within(e.Frame, 0, maxNumber), !within(e.Conn, 0, maxNumber):
		return false
	case e.Kind == Media:
		return sources[e.Source] > 0
	}
	return true
}
