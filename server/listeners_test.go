package main

import "testing"

// FuzzListeners: what is taken can be written, and is then read the same.
func FuzzListeners(f *testing.F) {
	for _, s := range []string{"", "127.0.0.1:53", "[::1]:8053,:80", " 192.0.2.1:0 ,192.0.2.1:0", "[fe80::1%eth0]:1", "localhost:53", ",", "[::ffff:1.2.3.4]:5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var one, two listeners
		if one.Set(s) != nil {
			return
		}
		if err := two.Set(one.String()); err != nil || one.String() != two.String() || len(one) != len(two) {
			t.Fatalf("%q, again %q: %v", one.String(), two.String(), err)
		}
		for i, l := range above(one) {
			if l.Addr() != one[i].Addr() || l.Port() < one[i].Port() {
				t.Fatalf("%v above %v", l, one[i])
			}
		}
	})
}
