package workerd

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// counterAt is where the counter listens: anywhere.
const counterAt = "127.0.0.1:0"

// Counted are the calls that have ended since the start, by what they were: those of the
// Worker by path, those of objects by method or path.
func (p *Process) Counted() (c struct{ Worker, Object map[string]int }, err error) {
	res, err := http.Get("http://" + p.count) //nolint:noctx // on loopback
	if err != nil {
		return c, fmt.Errorf("ask the counter: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if err := json.NewDecoder(res.Body).Decode(&c); err != nil {
		return c, fmt.Errorf("read the counter: %w", err)
	}
	return c, nil
}
