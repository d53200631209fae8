package held

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Text is one of the extension's English texts (_locales/en/messages.json).
type Text struct {
	Message      string                              `json:"message"`
	Placeholders map[string]struct{ Content string } `json:"placeholders"`
}

// Said holds that a message is known and has as many arguments as it takes, none of
// them empty. arity says how many each takes.
func Said(t testing.TB, arity map[string]int, id string, args []string) {
	t.Helper()
	n, known := arity[id]
	if !known || args == nil || n != len(args) || slices.Contains(args, "") {
		t.Errorf("text %q has arguments %q (known: %v, takes %d)", id, args, known, n)
	}
}

var (
	valid = regexp.MustCompile(`^[a-z0-9_]+$`)
	used  = regexp.MustCompile(`\$([A-Za-z0-9_@]+)\$`)
)

// Messages holds a package's ids against the texts, the file's bytes: each must be
// there with as many placeholders as it takes arguments, and no text whose id
// begins with one of the prefixes may be left that nothing names.
func Messages(t testing.TB, file []byte, arity map[string]int, prefixes ...string) {
	t.Helper()
	var texts map[string]Text
	if err := json.Unmarshal(file, &texts); err != nil {
		t.Fatal(err)
	}
	for id, n := range arity {
		m, ok := texts[id]
		if !ok || m.Message == "" {
			t.Errorf("%s has no text", id)
			continue
		}
		if !valid.MatchString(id) {
			t.Errorf("%s is no message id", id)
		}
		m.placeholders(t, id, n)
	}
	for id := range texts {
		ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(id, p) })
		if _, ok := arity[id]; ours && !ok {
			t.Errorf("%s is not used", id)
		}
	}
}

func (m Text) placeholders(t testing.TB, id string, n int) {
	t.Helper()
	args := map[string]bool{}
	for _, p := range m.Placeholders {
		args[p.Content] = true
	}
	if len(args) != n {
		t.Errorf("%s has %d placeholders, want %d", id, len(args), n)
	}
	for i := 1; i <= n; i++ {
		if !args["$"+string(rune('0'+i))] {
			t.Errorf("%s has no placeholder for $%d", id, i)
		}
	}
	for _, u := range used.FindAllStringSubmatch(m.Message, -1) {
		if _, ok := m.Placeholders[strings.ToLower(u[1])]; !ok {
			t.Errorf("%s uses $%s$, which it does not define", id, u[1])
		}
	}
}
