package main

import (
	"context"
	"errors"
	"net/http"
	"os/signal"
	"time"
)

// The service is killed after 15 s (TimeoutStopSec in its unit), so all of this together
// takes less than 12.
const (
	// stopTime of requests. Streams end at once when told, so this is for stuck peers.
	stopTime = 5 * time.Second
	// closeTime of all that serves: requests, and answers on their way (package tcp).
	closeTime = stopTime + 2*time.Second
	// lastTime of what comes after: the outbox takes two seconds at most.
	lastTime = 4 * time.Second
)

var errStop = errors.New("stop: not all has ended in time")

// stop ends the streams, lets requests finish, and closes everything: side by side, because
// each may have a peer that is stuck.
func (s *server) stop() error {
	s.ending.Store(true)
	signal.Stop(s.hup)
	close(s.done)
	first := []func() error{func() error { return shutdown(s.web, stopTime) }}
	if s.orders != nil {
		first = append(first, func() error { s.orders.Stop(); return nil })
	}
	for _, c := range s.closers {
		first = append(first, c.Close)
	}
	err := together(closeTime, first...)
	s.cancel()
	last := []func() error{
		func() error { return shutdown(s.inside, lastTime/2) }, // who watches, watches to the end
		func() error { s.wait.Wait(); return nil },
	}
	if s.box != nil { // what was seen until now is still sent
		last = append(last, s.box.Close)
	}
	err = errors.Join(err, together(lastTime, last...))
	for _, d := range s.doors { // those that were never served
		err = errors.Join(err, d.Close())
	}
	return err
}

// shutdown lets requests finish, for a while.
func shutdown(web *http.Server, patience time.Duration) error {
	if web == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if web.Shutdown(ctx) == nil {
		return nil
	}
	return web.Close() //nolint:wrapcheck // names the address
}

// together does side by side what does not depend on each other, and waits for all of it,
// but no longer than that.
func together(most time.Duration, all ...func() error) (err error) {
	results := make(chan error, len(all))
	for _, one := range all {
		go func() { results <- one() }()
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	for range all {
		select {
		case one := <-results:
			err = errors.Join(err, one)
		case <-timer.C:
			return errors.Join(err, errStop)
		}
	}
	return err
}
