package outbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

const (
	// maxAnswer is more than an API says.
	maxAnswer = 4 << 10
	// foreign is its word for what is no batch.
	foreign = "bad-report"
)

var (
	// errRefused: the API has understood and does not want it. Trying again is no use.
	errRefused = errors.New("refused")
	// errForeign: what is sent is of no format that the API knows.
	errForeign = fmt.Errorf("%w as foreign", errRefused)
)

// judge believes only an answer that an API gives: a portal's page may be 200 as well.
func judge(status int, text []byte, sent int) error {
	var said struct {
		Accepted *int
		Error    struct{ Code, Message string }
	}
	ours := json.Unmarshal(text, &said) == nil
	switch {
	case status == http.StatusOK && ours && said.Accepted != nil && *said.Accepted == sent:
		return nil
	case ours && said.Error.Code != "" && status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
		why := errRefused
		if said.Error.Code == foreign {
			why = errForeign
		}
		return fmt.Errorf("%w: %d %s: %s", why, status, printable(said.Error.Code), printable(said.Error.Message))
	case ours && said.Error.Code != "":
		return fmt.Errorf("the API says %d %s", status, printable(said.Error.Code)) //nolint:err113 // for people
	}
	return fmt.Errorf("what answers there (%d) is not a Watertight API that takes reports", status) //nolint:err113 // for people
}

// printable keeps a terminal safe from what a server says.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s[:min(len(s), 200)])
}
