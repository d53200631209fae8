// Package held has what the tests of this folder's packages share: golden files,
// how a result is compared with what a file wants, and how messages are held
// against the extension's texts. Nothing that ships imports it.
package held

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"testing"
)

// Goldens reads every golden file of a folder. The files are embedded, so that they
// run where there is no file system (js/wasm). Each file's name is that in it;
// check says whether it has all that it must have.
func Goldens[T any](t testing.TB, files embed.FS, folder string, least int, check func(T) (name string, whole bool)) []T {
	t.Helper()
	entries, err := files.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for _, e := range entries {
		data, err := files.ReadFile(path.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var g T
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if name, whole := check(g); name+".json" != e.Name() || !whole {
			t.Errorf("%s: its name is %q, and all that a golden file must have is there: %t", e.Name(), name, whole)
		}
		out = append(out, g)
	}
	if len(out) < least {
		t.Errorf("only %d golden files: some were lost", len(out))
	}
	return out
}

// Compare holds a result against what a golden file wants: whatever it names must be
// so, the rest is free.
func Compare(t testing.TB, why string, want map[string]any, got any) {
	t.Helper()
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	if diff := differ("", want, tree); diff != "" {
		t.Errorf("why: %s\n%s\n%.4000s", why, diff, data)
	}
}

// differ tells where a value is not as wanted: objects may have more than is
// wanted, and a list that is null is an empty one.
func differ(at string, want, got any) string {
	if w, ok := want.(map[string]any); ok {
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s: %v, want an object", at, got)
		}
		for k, v := range w {
			if diff := differ(at+"."+k, v, g[k]); diff != "" {
				return diff
			}
		}
		return ""
	}
	w, ok := want.([]any)
	if !ok {
		if !reflect.DeepEqual(want, got) {
			return fmt.Sprintf("%s: %v, want %v", at, got, want)
		}
		return ""
	}
	g, _ := got.([]any)
	if len(g) != len(w) {
		return fmt.Sprintf("%s: %d of them (%.300v), want %d: %.300v", at, len(g), got, len(w), want)
	}
	for i := range w {
		if diff := differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); diff != "" {
			return diff
		}
	}
	return ""
}
