// Package words renders the core's messages in plain text, from the texts of
// the built extension: what the terminal says is what the popup says.
package words

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"watertight/lab/result"
)

// Messages are the texts of one language, by id.
type Messages map[string]Message

// Message is one entry of messages.json: its text may name arguments ($EXIT$),
// which placeholders then turn into numbers ($1).
type Message struct {
	Message      string `json:"message"`
	Placeholders map[string]struct {
		Content string `json:"content"`
	} `json:"placeholders"`
}

// Load reads the English texts of an unpacked extension.
func Load(extension string) (Messages, error) {
	data, err := os.ReadFile(filepath.Join(extension, "_locales", "en", "messages.json"))
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	m := Messages{}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return m, nil
}

var (
	named    = regexp.MustCompile(`\$([A-Za-z0-9_@]+)\$`)
	argument = regexp.MustCompile(`\$(\$|[1-9])`)
)

// Text fills a message's arguments in: $NAME$ by its placeholder, $1 to $9,
// and $$ for a dollar sign, as the browsers' i18n.getMessage does.
func (m Messages) Text(t result.Text) string {
	entry, ok := m[t.ID]
	if !ok {
		return strings.Join(append([]string{t.ID}, t.Args...), " ")
	}
	text := named.ReplaceAllStringFunc(entry.Message, func(s string) string {
		// Names are matched without regard to case.
		if p, ok := entry.Placeholders[strings.ToLower(strings.Trim(s, "$"))]; ok {
			return p.Content
		}
		return s
	})
	return argument.ReplaceAllStringFunc(text, func(s string) string {
		if s == "$$" {
			return "$"
		}
		if i, _ := strconv.Atoi(s[1:]); i <= len(t.Args) {
			return t.Args[i-1]
		}
		return ""
	})
}

// Verdict is a check in plain text: the sentence, each finding with what it
// means, its evidence and its fix, and what remained unknown.
func (m Messages) Verdict(r result.Reply) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", strings.ToUpper(r.Outcome), r.Headline)
	for _, f := range r.Verdict.Findings {
		fmt.Fprintf(&b, "\n  %s (%s)\n    %s\n", f.ID, f.Certainty, m.Text(f.Explain))
		for _, e := range f.Evidence {
			owner := "network unknown"
			if e.Network != nil {
				owner = fmt.Sprintf("%s, AS%d", e.Network.Org, e.Network.ASN)
			}
			fmt.Fprintf(&b, "    evidence: %s (%s), seen by %s\n", e.Address, owner, e.Via)
		}
		if f.Fix.ID != "" {
			fmt.Fprintf(&b, "    fix: %s\n", m.Text(f.Fix))
		}
	}
	for _, u := range r.Verdict.Unknowns {
		fmt.Fprintf(&b, "\n  unknown (%s): %s\n", u.Row, m.Text(u.Reason))
	}
	return b.String()
}
