package report

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

const (
	// SecretSize of a key: as long as what it makes (RFC 2104 §3).
	SecretSize = 32
	// maxKeys: one in use, one to come and one to go is what a change needs.
	maxKeys = 16
)

// KeyID names a key without telling anything of it.
type KeyID [8]byte

// Key signs batches.
type Key struct {
	ID     KeyID
	secret [SecretSize]byte
}

// Keys are those of a file. The last one signs and all verify, so a new key is added to
// the file of the API first, then to those of the nodes, and the old line goes last.
type Keys []Key

// NewKey makes a key of a random secret. Its id is a hash of the secret, so a line that
// was copied badly is noticed.
func NewKey(secret [SecretSize]byte) Key {
	h := sha256.New()
	h.Write([]byte("watertight report key\x00"))
	h.Write(secret[:])
	k := Key{secret: secret}
	hex.Encode(k.ID[:], h.Sum(nil)[:len(k.ID)/2])
	return k
}

// Line is what stands in a file of keys. It is a secret.
func (k Key) Line() string { return string(k.ID[:]) + " " + hex.EncodeToString(k.secret[:]) + "\n" }

// String is safe to print.
func (k Key) String() string { return string(k.ID[:]) }

// Errors of ParseKeys.
var (
	errNoKeys  = errors.New("no key in it")
	errManyKey = fmt.Errorf("more than %d keys", maxKeys)
	errKeyLine = errors.New("want an id, a space and 64 hexadecimal digits")
	errKeyID   = errors.New("the id is not that of the key: was the line copied whole?")
	errKeyTwin = errors.New("this key stands in the file twice")
)

// ParseKeys reads lines as Key.Line writes them. Empty lines, and those that begin with
// "#", do not count.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		k, err := parseKey(line)
		if _, twin := keys.find(k.ID); err == nil && twin {
			err = errKeyTwin
		}
		if err == nil && len(keys) == maxKeys {
			err = errManyKey
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, errNoKeys
	}
	return keys, nil
}

func parseKey(line string) (Key, error) {
	id, digits, _ := strings.Cut(line, " ")
	raw, err := hex.DecodeString(strings.TrimSpace(digits))
	if err != nil || len(raw) != SecretSize || len(id) != len(KeyID{}) {
		return Key{}, errKeyLine
	}
	k := NewKey([SecretSize]byte(raw))
	if k.String() != id {
		return Key{}, errKeyID
	}
	return k, nil
}

func (keys Keys) find(id KeyID) (Key, bool) {
	for _, k := range keys {
		if k.ID == id {
			return k, true
		}
	}
	return Key{}, false
}

// Signer is the key that signs.
func (keys Keys) Signer() Key { return keys[len(keys)-1] }

// Seal appends a signed batch to dst; the header's key becomes this one.
func (k Key) Seal(dst []byte, h Header, records []byte) []byte {
	from := len(dst)
	h.Key = k.ID
	dst = Append(dst, h, records)
	return append(dst, k.sign(dst[from:])...)
}

func (k Key) sign(b []byte) []byte {
	h := hmac.New(sha256.New, k.secret[:])
	h.Write(b)
	return h.Sum(nil)
}

var (
	errUnknownKey = &Error{http.StatusUnauthorized, "unknown-key", "the key is not known here: is its line in the file of the API?"}
	errSignature  = &Error{http.StatusUnauthorized, "bad-signature", "the signature is not right"}
)

// named is the key that a header names.
func (keys Keys) named(head []byte) (Key, error) {
	if len(head) < headerSize || string(head[:len(magic)]) != magic {
		return Key{}, errFormat
	}
	k, ok := keys.find(KeyID(head[atKey:atBoot]))
	if !ok {
		return Key{}, errUnknownKey
	}
	return k, nil
}

// Open checks a signed batch and reads it. Nothing but the key's name is believed, or
// even looked at, before the signature is found right.
func (keys Keys) Open(b []byte) (Batch, error) {
	if len(b) < headerSize+macSize {
		return Batch{}, errFormat
	}
	k, err := keys.named(b)
	if err != nil {
		return Batch{}, err
	}
	body, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if !hmac.Equal(mac, k.sign(body)) { // in constant time
		return Batch{}, errSignature
	}
	return Parse(body)
}
