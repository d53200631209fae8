package limit

import "time"

// Forget wipes the prefixes whose buckets are full again: one that is not known has a
// full one, so nothing changes but what can be found in memory.
func (p *Prefixes) Forget() {
	if p.rate.PerSecond <= 0 {
		return
	}
	now := p.clock()
	full := time.Duration(p.rate.Burst / p.rate.PerSecond * float64(time.Second))
	for n := range p.slots {
		lock := &p.locks[n%stripes]
		lock.Lock()
		for i := range p.slots[n] {
			if s := &p.slots[n][i]; s.key != 0 && now-s.b.at > full {
				*s = slot{}
			}
		}
		lock.Unlock()
	}
}

// Known is how many prefixes are remembered now.
func (p *Prefixes) Known() (n int) {
	for i := range p.slots {
		lock := &p.locks[i%stripes]
		lock.Lock()
		for _, s := range &p.slots[i] {
			if s.key != 0 {
				n++
			}
		}
		lock.Unlock()
	}
	return n
}
