package scenario

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

type fieldSet struct {
	names []string // in the order of the struct, which is the order of the reference page
	index map[string]int
}

func fieldsOf(t reflect.Type) fieldSet {
	set := fieldSet{index: map[string]int{}}
	if t.Kind() != reflect.Struct {
		return set
	}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			set.names = append(set.names, name)
			set.index[name] = i
		}
	}
	return set
}

// described is a type that words its own allowed values.
type described interface{ Describe() string }

func describe(t reflect.Type) string {
	switch v := reflect.Zero(t).Interface().(type) {
	case described:
		return v.Describe()
	case enum:
		return strings.Join(v.Allowed(), ", ")
	}
	switch t.String() {
	case "netip.Addr":
		return "an IPv4 or IPv6 address"
	case "netip.Prefix":
		return "a prefix such as 192.0.2.0/24"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return describe(t.Elem())
	case reflect.Struct:
		text := "a mapping of " + strings.Join(fieldsOf(t).names, ", ")
		if s, ok := reflect.Zero(t).Interface().(short); ok {
			text = "a " + s.Short() + ", or " + text
		}
		return text
	case reflect.Map:
		return "a mapping of names"
	case reflect.Slice:
		return "a list; each item: " + describe(t.Elem())
	case reflect.Bool:
		return "true, false"
	case reflect.Int:
		return "a whole number"
	}
	return "text"
}

// scalarText is the scalar as it was meant: unquoted, block scalars joined.
func scalarText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return n.GetToken().Value
}

func anyScalar(n ast.Node, text string) any {
	switch n.(type) {
	case *ast.BoolNode:
		return text == "true"
	case *ast.IntegerNode:
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return i
		}
	}
	return text
}
