package outbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"watertight/server/report"
)

const (
	// keepTrying with one batch: a check is over after 2.5 s, and a stream after 30.
	keepTrying = 20 * time.Second
	// tryTime of one request, and the first and longest pause between two.
	tryTime    = 5 * time.Second
	firstPause = 50 * time.Millisecond
	longest    = 2 * time.Second
	// maxAnswer is more than an API says.
	maxAnswer = 4 << 10
)

func newClient(roots *x509.CertPool) *http.Client {
	dial := &net.Dialer{Timeout: tryTime / 2}
	return &http.Client{
		Timeout: tryTime,
		Transport: &http.Transport{
			DialContext: dial.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
			TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: tryTime / 2, MaxIdleConnsPerHost: senders + 1, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errRefused: the API has understood and does not want it. Trying again is no use.
var errRefused = errors.New("refused")

// deliver tries until the API has taken the batch, has refused it, or it is too late. A
// try has a number and a time of its own: the API merges what it gets twice.
func (b *Outbox) deliver(records []byte) (taken bool) {
	n := uint64(len(records) / report.RecordSize)
	began := time.Now()
	for wait := firstPause; ; wait = min(2*wait, longest) {
		err := b.try(records)
		b.mood.change(err)
		switch {
		case err == nil:
			b.counts.accepted.Add(n)
			return true
		case errors.Is(err, errRefused):
			b.counts.refused.Add(n)
			return false
		case time.Since(began) > keepTrying:
			b.counts.late.Add(n)
			return false
		}
		b.counts.retries.Add(1)
		timer := time.NewTimer(wait/2 + rand.N(wait/2+1)) // so that nodes do not come all at once
		select {
		case <-timer.C:
		case <-b.send.Done():
			timer.Stop()
			b.counts.late.Add(n)
			return false
		}
	}
}

func (b *Outbox) try(records []byte) error {
	h := report.Header{Boot: b.boot, Sequence: b.next.Add(1), Time: time.Now()}
	// A new one for every try: the transport may read it for a while after it has given up.
	body := b.options.Keys().Signer().Seal(nil, h, records)
	ctx, cancel := context.WithTimeout(b.send, tryTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.options.URL+report.Path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	res, err := b.client.Do(r)
	if err != nil {
		return err //nolint:wrapcheck // it names the API
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the API's answer: %w", err)
	}
	return judge(res.StatusCode, text, len(records)/report.RecordSize)
}

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
		return fmt.Errorf("%w: %d %s: %s", errRefused, status, printable(said.Error.Code), printable(said.Error.Message))
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
