// Package scenario is the file format of the leak lab: what network a browser
// is put into, what happens to it, and what Watertight must find there.
//
// The format is public (lab/scenarios/README.md); a file may live anywhere.
// Loading is strict: an unknown field, a wrong value or a name that does not
// exist is an error with file, line, field and what is allowed.
package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// Problem is one thing wrong in a scenario file.
type Problem struct {
	File  string
	Line  int
	Field string
	Text  string
}

func (p *Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Field == "" {
		return where + ": " + p.Text
	}
	return where + ": " + p.Field + ": " + p.Text
}

// maxSize keeps a mistaken path (a disk image, a device) from being read whole.
const maxSize = 1 << 20

// Load reads and checks one file; the error joins all problems found.
func Load(path string) (*Scenario, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read scenario: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return nil, fmt.Errorf("read scenario %s: not a file of at most %d bytes", path, maxSize)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read scenario: %w", err)
	}
	return Parse(path, data)
}

// Parse checks the content of a file; file is only used to name it.
func Parse(file string, data []byte) (*Scenario, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, syntaxProblem(file, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, &Problem{File: file, Line: 1, Text: "must hold exactly one YAML document"}
	}
	d := &decoder{file: file, lines: map[string]int{}}
	s := &Scenario{File: file, Name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))}
	d.value(tree.Docs[0].Body, reflect.ValueOf(s).Elem(), "")
	if len(d.problems) == 0 {
		s.setDefaults()
		s.validate(d)
	}
	if len(d.problems) > 0 {
		return nil, d.sorted()
	}
	return s, nil
}

func syntaxProblem(file string, err error) error {
	p := &Problem{File: file, Text: err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		p.Text = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			p.Line = t.Position.Line
		}
	}
	return p
}

// sorted lists the problems as the file reads, whatever order found them.
func (d *decoder) sorted() error {
	slices.SortStableFunc(d.problems, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field))
	})
	all := make([]error, len(d.problems))
	for i, p := range d.problems {
		all[i] = p
	}
	return errors.Join(all...)
}
