package main

import (
	"errors"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"
)

// slow takes its time to close.
type slow struct {
	takes  time.Duration
	closed *bool
}

func (s slow) Close() error {
	time.Sleep(s.takes)
	if s.closed != nil {
		*s.closed = true
	}
	return nil
}

// TestStopsTogether: peers that are stuck at several listeners cost the time of one.
func TestStopsTogether(t *testing.T) {
	s := begin(t)
	closed := make([]bool, 8)
	for i := range closed {
		s.closers = append(s.closers, slow{200 * time.Millisecond, &closed[i]})
	}
	began := time.Now()
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("stopping took %v", took)
	}
	for i, done := range closed {
		if !done {
			t.Errorf("%d was not waited for", i)
		}
	}
}

// TestTogether: all of it, its errors, and no longer than that.
func TestTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer time.Sleep(time.Hour) // for what is left behind
		bad := errors.New("bad")
		after := func(d time.Duration, err error) func() error {
			return func() error { time.Sleep(d); return err }
		}
		for _, test := range []struct {
			all  []func() error
			took time.Duration
			want error
		}{
			{nil, 0, nil},
			{[]func() error{after(time.Second, nil), after(3*time.Second, nil), after(2*time.Second, nil)}, 3 * time.Second, nil},
			{[]func() error{after(time.Second, bad), after(2*time.Second, nil)}, 2 * time.Second, bad},
			{[]func() error{after(time.Second, nil), after(time.Hour, nil)}, 5 * time.Second, errStop},
		} {
			began := time.Now()
			if err := together(5*time.Second, test.all...); !errors.Is(err, test.want) || time.Since(began) != test.took {
				t.Errorf("%v after %v, want %v after %v", err, time.Since(began), test.want, test.took)
			}
		}
	})
}

// TestStopsBeforeKilled: whatever is stuck, stopping is over when systemd would kill.
func TestStopsBeforeKilled(t *testing.T) {
	unit, err := os.ReadFile("package/watertight-server.service")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`\nTimeoutStopSec=(\w+)\n`).FindSubmatch(unit)
	if m == nil {
		t.Fatal("the unit has no TimeoutStopSec")
	}
	killed, err := time.ParseDuration(string(m[1]))
	if most := closeTime + lastTime; err != nil || most > killed-3*time.Second {
		t.Errorf("stopping may take %v, killed after %v, %v", most, killed, err)
	}
}
