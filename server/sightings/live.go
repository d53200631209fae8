package sightings

// Live is how many tokens are known now.
func (t *Table) Live() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		n += int(s.last - s.first)
		s.mu.Unlock()
	}
	return n
}
