package outbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"watertight/server/report"
)

func newClient(roots *x509.CertPool, t times) *http.Client {
	dial := &net.Dialer{Timeout: t.try / 2}
	return &http.Client{
		Timeout: t.try,
		Transport: &http.Transport{
			DialContext: dial.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
			TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: t.try / 2, MaxIdleConnsPerHost: senders + 2, IdleConnTimeout: time.Minute,
			HTTP2: &http.HTTP2Config{SendPingTimeout: t.silence, PingTimeout: t.silence, WriteByteTimeout: t.try},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// deliver tries until the API has taken the batch, has refused it, or it is too late for
// each of its records. A try has a number and a time of its own: the API merges what it
// gets twice.
func (b *Outbox) deliver(all *batch) (taken bool) {
	for wait := b.times.first; !b.tooLate(all); wait = min(2*wait, b.times.longest) {
		n := uint64(all.len())
		err := b.try(all.records, 0)
		b.mood.change(err)
		switch {
		case err == nil:
			b.counts.accepted.Add(n)
			return true
		case errors.Is(err, errRefused):
			b.counts.refused.Add(n)
			b.loss.note(all.youngest())
			return false
		case b.tooLate(all): // not only after the pause
			return false
		}
		b.counts.retries.Add(1)
		if !rest(b.send, wait/2+rand.N(wait/2+1)) { // so that nodes do not come all at once
			b.late(all.len(), all.youngest())
			return false
		}
	}
	return false
}

// tooLate drops what is too old to be sent, and reports whether nothing is left.
func (b *Outbox) tooLate(all *batch) bool {
	b.late(all.forget(b.now() - b.times.lastTry()))
	return all.len() == 0
}

// late counts records that did not get through in time.
func (b *Outbox) late(n int, youngest time.Duration) {
	if n > 0 {
		b.counts.late.Add(uint64(n))
		b.loss.note(youngest)
	}
}

// rest is false when ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *Outbox) try(records []byte, missing report.Missing) error {
	h := report.Header{Boot: b.boot, Sequence: b.next.Add(1), Time: time.Now(), Missing: missing}
	// A new one for every try: the transport may read it for a while after it has given up.
	body := b.options.Keys().Signer().Seal(nil, h, records)
	ctx, cancel := context.WithTimeout(b.send, b.times.try)
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
