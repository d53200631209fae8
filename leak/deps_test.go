//go:build !js

// Package leak_test holds the arrows between the parts of the project: who may
// import whom. It reads import lines and builds nothing.
package leak_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "watertight"

// source is one Go file of ours with what it imports.
type source struct {
	file    string // relative to the repository, with slashes
	test    bool
	ast     *ast.File
	imports []string
}

// sources reads every Go file below a folder of the repository.
func sources(t *testing.T, folder string) []source {
	t.Helper()
	root := ".."
	var out []source
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // a part that is not there yet points nowhere
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		s := source{file: filepath.ToSlash(rel), test: strings.HasSuffix(path, "_test.go"), ast: f}
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// part gives the folder of the repository that an import path is in, or "".
func part(path string) string {
	rest, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// TestArrows holds which part may import which.
func TestArrows(t *testing.T) {
	for folder, allowed := range map[string][]string{
		"leak":      {"leak"},
		"wasm":      {"wasm", "leak"},
		"server":    {"server"},
		"extension": {"extension"},
		"lab":       {"lab", "e2e", "bench", "tools"},
		"e2e":       {"e2e", "lab", "tools"},
	} {
		for _, s := range sources(t, folder) {
			for _, path := range s.imports {
				p := part(path)
				if p == "" {
					continue
				}
				ok := false
				for _, a := range allowed {
					ok = ok || p == a
				}
				if !ok {
					t.Errorf("%s imports %s", s.file, path)
				}
			}
		}
	}
}

// TestPure holds that nothing in leak/ can look at the world: no files, no
// network, no browser, no clock, no chance.
func TestPure(t *testing.T) {
	banned := map[string]bool{
		"net": true, "os": true, "io/fs": true, "syscall": true, "syscall/js": true, "unsafe": true,
		"math/rand": true, "math/rand/v2": true, "crypto/rand": true, "log": true, "log/slog": true,
		"os/exec": true, "os/signal": true, "runtime": true, "plugin": true,
	}
	found := sources(t, "leak")
	if len(found) < 10 {
		t.Fatalf("only %d files: the test looks in the wrong place", len(found))
	}
	for _, s := range found {
		if s.test {
			continue
		}
		for _, path := range s.imports {
			if banned[path] || strings.HasPrefix(path, "net/http") {
				t.Errorf("%s imports %s", s.file, path)
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" {
				switch sel.Sel.Name {
				case "Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc":
					t.Errorf("%s uses time.%s", s.file, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// TestPackageDocs holds that every package of the core says what it is for.
func TestPackageDocs(t *testing.T) {
	documented := map[string]bool{}
	for _, folder := range []string{"leak", "wasm"} {
		for _, s := range sources(t, folder) {
			if s.test {
				continue
			}
			dir := filepath.Dir(s.file)
			documented[dir] = documented[dir] || s.ast.Doc != nil
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package documentation", dir)
		}
	}
}
