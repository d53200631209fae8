// Package gate gives the batches of nodes, once their signature is checked, to the
// objects that hold the tokens in them.
package gate

import (
	"context"
	"encoding/json"
	"net/http"

	"watertight/server/report"
	"watertight/server/worker/place"
)

// Deliver gives a part to the object of that name, and returns what that answered.
type Deliver func(ctx context.Context, object string, part []byte) (status int, body []byte, err error)

// New makes the handler for batches of nodes.
func New(keys report.Keys, shards place.Shards, deliver Deliver) *report.Handler {
	accept := func(ctx context.Context, b report.Batch) (bool, error) {
		parts := b.Split(shards.Of)
		empty := report.Append(nil, b.Header, nil)
		switch {
		case b.Missing != 0: // nobody knows of which tokens, so everybody is told
			for n := range shards.All() {
				if parts[n] == nil {
					parts[n] = empty
				}
			}
		case len(parts) == 0: // an empty one asks whether clock and key are right: any object knows
			parts[0] = empty
		}
		replies := make(chan reply, len(parts))
		for n, part := range parts {
			go func() { replies <- send(ctx, deliver, shards.Name(n), part) }()
		}
		isNew := false
		var failed error
		for range parts {
			r := <-replies
			isNew = isNew || r.isNew
			if r.err != nil {
				failed = r.err
			}
		}
		// What a part of the objects has taken does no harm there when the node sends all of it again.
		return isNew, failed
	}
	return report.NewFront(func() report.Keys { return keys }, accept)
}

type reply struct {
	isNew bool
	err   error
}

var errAway = &report.Error{Status: http.StatusServiceUnavailable, Code: "unavailable", Message: "a part of the server cannot be reached"}

func send(ctx context.Context, deliver Deliver, object string, part []byte) reply {
	status, body, err := deliver(ctx, object, part)
	var told struct {
		Duplicate bool
		Error     struct{ Code, Message string }
	}
	switch {
	case err != nil || json.Unmarshal(body, &told) != nil:
		return reply{err: errAway}
	case status != http.StatusOK:
		return reply{err: &report.Error{Status: status, Code: told.Error.Code, Message: told.Error.Message}}
	}
	return reply{isNew: !told.Duplicate}
}
