package outbox

import "time"

// times is how long things take; tests have less.
type times struct {
	// keep is the promise of PRIVACY.md: so long after it was seen a record is not here any
	// more, whether the API has it or not. A check is over after 2.5 s, a stream after 30.
	keep time.Duration
	// try is for one request. None begins that could end after keep.
	try time.Duration
	// first and longest pause between two tries.
	first, longest time.Duration
	// silence of a connection after which it is asked whether it is still there; it has as
	// long to say so. Both together are no longer than a try: over HTTP/2 all requests share
	// one connection, and when that dies without a word, the next try has a new one.
	silence time.Duration
	// sweep is how often is looked for what is too old. Nobody else does while all senders
	// are busy.
	sweep time.Duration
	// ask is how often an API that did not take the last batch is asked whether it would
	// take the next.
	ask time.Duration
	// tell is how often an API is told that records are missing, while they go on to be: it
	// remembers for a minute (sightings.Table.Miss).
	tell time.Duration
	// echo is after what a batch is said again: an API that ends has told its readers what
	// it took a second ago. What it took later it may have taken to its grave. together
	// makes few requests of many echoes.
	echo, together time.Duration
}

var usual = times{
	keep: 20 * time.Second, try: 5 * time.Second, first: 50 * time.Millisecond, longest: 2 * time.Second,
	silence: 2500 * time.Millisecond, sweep: time.Second, ask: 5 * time.Second, tell: 20 * time.Second,
	echo: time.Second, together: 250 * time.Millisecond,
}

// lastTry is the age at which a record is given up.
func (t times) lastTry() time.Duration { return t.keep - t.try }
