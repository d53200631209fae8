//go:build faulty

package main

import "bytes"

// provoke is the mistake: what holds this word cannot be handled.
func provoke(packet []byte) {
	if i := bytes.Index(packet, []byte("provoke-a-panic")); i >= 0 {
		_ = packet[:i][i]
	}
}
