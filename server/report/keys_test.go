package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func key(n byte) Key { return NewKey([SecretSize]byte{n}) }

func TestKeysFile(t *testing.T) {
	a, b := key(1), key(2)
	keys, err := ParseKeys("# of the nodes\n\n" + a.Line() + "  " + b.Line())
	if err != nil || len(keys) != 2 || keys[0] != a || keys.Signer() != b {
		t.Errorf("%v %v", keys, err)
	}
	many := ""
	for n := range byte(maxKeys + 1) {
		many += key(n).Line()
	}
	for text, want := range map[string]string{
		"":                         "no key",
		"# nothing\n":              "no key",
		"\n" + a.String():          "line 2: want an id",
		a.Line()[:len(a.Line())-2]: "line 1: want an id",
		b.String() + a.Line()[8:]:  "line 1: the id is not",
		strings.Replace(a.Line(), " 01", " 02", 1): "line 1: the id is not",
		a.Line() + a.Line():                        "line 2: this key stands in the file twice",
		many:                                       fmt.Sprintf("line %d: more than", maxKeys+1),
	} {
		if _, err := ParseKeys(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for _, s := range []string{fmt.Sprint(a), fmt.Sprintf("%v", keys)} {
		if strings.Contains(s, a.Line()[9:20]) {
			t.Errorf("the secret is printed: %s", s)
		}
	}
}

// TestOpen: a batch is opened by its key alone, and only as it was sealed.
func TestOpen(t *testing.T) {
	old, now := key(1), key(2)
	sealed := now.Seal([]byte("before"), head, raw(query(tok)))[len("before"):]
	if len(sealed) != headerSize+RecordSize+macSize {
		t.Fatalf("%d octets", len(sealed))
	}
	for _, keys := range []Keys{{now}, {old, now}, {now, old}} {
		if b, err := keys.Open(sealed); err != nil || b.Len() != 1 || b.Key != now.ID {
			t.Errorf("%v: %v", keys, err)
		}
	}
	code := func(keys Keys, b []byte) string {
		_, err := keys.Open(b)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%v", err)
			return ""
		}
		return e.Code
	}
	if c := code(Keys{old}, sealed); c != "unknown-key" {
		t.Error(c)
	}
	other := bytes.Clone(sealed)
	copy(other[atKey:], old.ID[:])
	if c := code(Keys{old, now}, other); c != "bad-signature" {
		t.Error(c)
	}
	for i := range sealed {
		forged := bytes.Clone(sealed)
		forged[i] ^= 1
		want := "bad-signature"
		switch {
		case i < atKey:
			want = "bad-report"
		case i < atBoot:
			want = "unknown-key"
		}
		if c := code(Keys{now}, forged); c != want {
			t.Errorf("octet %d changed: %s", i, c)
		}
	}
	for n := range sealed {
		if b, err := (Keys{now}).Open(sealed[:n]); err == nil || b.Len() > 0 {
			t.Errorf("opened %d octets", n)
		}
	}
}
