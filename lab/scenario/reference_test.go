package scenario

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The reference page must name every field and every value of the format, and
// its example must load.
func TestReferencePage(t *testing.T) {
	data, err := os.ReadFile("../scenarios/README.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		if e, ok := reflect.Zero(typ).Interface().(enum); ok && typ.Kind() == reflect.String {
			if typ == reflect.TypeFor[FindingID]() {
				return // a table of ARCHITECTURE.md, not of this page
			}
			for _, value := range e.Allowed() {
				mustName(t, page, typ.Name()+" value", value)
			}
			return
		}
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(typ.Elem())
		case reflect.Map:
			walk(typ.Key())
			walk(typ.Elem())
		case reflect.Struct:
			fields := fieldsOf(typ)
			for _, name := range fields.names {
				mustName(t, page, typ.Name()+" field", name)
				walk(typ.Field(fields.index[name]).Type)
			}
		}
	}
	walk(reflect.TypeFor[Scenario]())
	_, example, _ := strings.Cut(page, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := Parse("README.md", []byte(example)); err != nil {
		t.Error(err)
	}
}

// mustName looks for a whole word in code: between backticks or in a mapping.
func mustName(t *testing.T, page, what, name string) {
	t.Helper()
	var words []string
	for i, part := range strings.Split(page, "`") {
		if i%2 == 1 {
			words = append(words, strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune(" {}[]:,", r) })...)
		}
	}
	if !slices.Contains(words, name) {
		t.Errorf("the page does not name the %s %q", what, name)
	}
}
