package sightings

import "encoding/binary"

// TokenLen is 128 random bits in base32 without padding.
const TokenLen = 26

// Token names one check. Whoever knows it may read what was seen under it, so
// it is as secret as a session cookie and never logged.
type Token [TokenLen]byte

// ParseToken reads a lower-case token. DNS names arrive in any case (draft
// "0x20"), so authdns folds them first; HTTP paths must be exact.
func ParseToken[S string | []byte](s S) (Token, bool) {
	var t Token
	if len(s) != TokenLen {
		return t, false
	}
	copy(t[:], s)
	for _, at := range [...]int{0, 8, 16, TokenLen - 8} {
		if !isBase32(binary.LittleEndian.Uint64(t[at:])) {
			return Token{}, false
		}
	}
	return t, true
}

// isBase32 looks at eight octets at once. Of those below 0x80, the sum with 0x80 - c has
// the high bit from c on, and nothing is carried into the next.
func isBase32(x uint64) bool {
	const each, high = 0x0101_0101_0101_0101, 0x8080_8080_8080_8080
	letter := (x + (0x80-'a')*each) &^ (x + (0x7f-'z')*each)
	digit := (x + (0x80-'2')*each) &^ (x + (0x7f-'7')*each)
	return x&high == 0 && (letter|digit)&high == high
}

// Vectors are the ways by which a name gets looked up; each has a letter so
// that a leak can be pinned on its path.
const Vectors = "fsprxtv"

// Label is a vector's letter and a number, padded with zeros. The zero Label
// stands for the token's own name, which resolvers ask for when they minimise
// query names (RFC 9156).
type Label [3]byte

// ParseLabel reads `^[fsprxtv][0-9]{1,2}$`.
func ParseLabel[S string | []byte](s S) (Label, bool) {
	var l Label
	if len(s) < 2 || len(s) > len(l) || !isVector(s[0]) {
		return l, false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; c < '0' || c > '9' {
			return l, false
		}
	}
	copy(l[:], s)
	return l, true
}

func isVector(c byte) bool {
	for i := range len(Vectors) {
		if Vectors[i] == c {
			return true
		}
	}
	return false
}

// Vector is the letter, or "" for the token's own name.
func (l Label) Vector() string {
	if l[0] == 0 {
		return ""
	}
	return string(l[:1])
}

func (l Label) String() string {
	n := 0
	for n < len(l) && l[n] != 0 {
		n++
	}
	return string(l[:n])
}
