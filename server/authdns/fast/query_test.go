package fast

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// TestLowerCase: every octet, in every place of eight.
func TestLowerCase(t *testing.T) {
	const known = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	for place := range 8 {
		for c := range 256 {
			for _, beside := range []byte{0, '0', 'z', 0x7f, 0xff} {
				eight := bytes.Repeat([]byte{beside}, 8)
				eight[place] = byte(c)
				lower, strange := lowerCase(binary.LittleEndian.Uint64(eight))
				is := strange>>(8*place+7)&1 != 0
				if want := !bytes.ContainsRune([]byte(known), rune(c)); c < 0x80 && beside < 0x80 && is != want || c >= 0x80 && strange == 0 {
					t.Fatalf("%x: strange %x", eight, strange)
				}
				if got := byte(lower >> (8 * place)); strange == 0 && got != bytes.ToLower([]byte{byte(c)})[0] {
					t.Fatalf("%x: lower %x", eight, got)
				}
			}
		}
	}
}
