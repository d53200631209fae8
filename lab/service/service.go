// Package service starts the lab's daemons and waits until they answer.
package service

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"watertight/lab/isolate"
	"watertight/lab/netns"
)

// Service is one running daemon. Nothing stops it but the end of the lab.
type Service struct {
	Name string
	log  string
	exit chan struct{}
	err  error
}

// Spec is what to start and where.
type Spec struct {
	Name    string
	Machine string
	Args    []string
	Env     []string
	View    netns.View
}

// Start starts a daemon in the foreground, its output going to a file that an
// error later quotes.
func Start(spec Spec) (*Service, error) {
	s := &Service{Name: spec.Name, log: filepath.Join(isolate.Temp, spec.Name+".log"), exit: make(chan struct{})}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, fmt.Errorf("make log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(spec.Args[0], spec.Args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), spec.Env...)
	if err := netns.Start(spec.Machine, cmd, spec.View); err != nil {
		return nil, err
	}
	go func() {
		s.err = cmd.Wait()
		close(s.exit)
	}()
	return s, nil
}

// These bound how long a daemon may take on two busy cores; waiting is by
// asking again, so a quick one costs nothing.
const (
	patience = 15 * time.Second
	interval = 15 * time.Millisecond
)

// Ready waits until probe succeeds. It gives up early if the daemon ends.
func (s *Service) Ready(ctx context.Context, probe func() error) error {
	return s.ReadyWithin(ctx, patience, probe)
}

// ReadyWithin is Ready for a daemon that has more to do before.
func (s *Service) ReadyWithin(ctx context.Context, patience time.Duration, probe func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var last error
	for {
		if last = probe(); last == nil {
			return nil
		}
		select {
		case <-s.exit:
			return fmt.Errorf("%s ended (%v): %s", s.Name, s.err, s.Tail())
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer after %v: %w: %s", s.Name, patience, last, s.Tail())
		case <-time.After(interval):
		}
	}
}

// Said fails until the daemon has printed a text.
func (s *Service) Said(text string) error {
	b, err := os.ReadFile(s.log)
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	if !bytes.Contains(b, []byte(text)) {
		return fmt.Errorf("%q not said yet", text)
	}
	return nil
}

// Tail is the end of what the daemon printed.
func (s *Service) Tail() string {
	const enough = 2000
	b, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(b[max(len(b)-enough, 0):]))
}
