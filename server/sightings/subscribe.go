package sightings

import "slices"

// Subscription follows one token. It holds no queue: it remembers how far it has
// read and is woken when there is more, so a slow reader loses nothing and costs
// nothing, and subscribing to an unknown token makes no session.
type Subscription struct {
	table *Table
	token Token
	wake  chan struct{}
	read  mark
	// missed: something was pushed out unread, and this is not told yet.
	missed bool
}

// Subscribe follows a token; the first Next replays what is known already.
func (t *Table) Subscribe(k Token) *Subscription {
	sub := &Subscription{table: t, token: k, wake: make(chan struct{}, 1)}
	s := t.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subs == nil {
		s.subs = make(map[Token][]*Subscription)
	}
	s.subs[k] = append(s.subs[k], sub)
	return sub
}

// Wake receives when Next has something, perhaps once too often.
func (sub *Subscription) Wake() <-chan struct{} { return sub.wake }

// Next returns what is new or grew since the last Next. Not for concurrent use.
func (sub *Subscription) Next() News {
	t := sub.table
	s := t.shard(sub.token)
	now := t.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	var news News
	news, sub.read = s.since(sub.token, sub.read, now)
	if sub.missed {
		sub.missed, news.Full, sub.read.told = false, true, true
	}
	return news
}

// Close ends the subscription.
func (sub *Subscription) Close() {
	s := sub.table.shard(sub.token)
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := slices.DeleteFunc(s.subs[sub.token], func(o *Subscription) bool { return o == sub })
	if len(rest) == 0 {
		if delete(s.subs, sub.token); len(s.subs) == 0 {
			s.subs = nil // a map does not wipe the keys that it deletes
		}
		return
	}
	s.subs[sub.token] = rest
}

func (s *shard) wake(k Token) {
	for _, sub := range s.subs[k] {
		sub.rouse()
	}
}

func (sub *Subscription) rouse() {
	select {
	case sub.wake <- struct{}{}:
	default: // already awake
	}
}
