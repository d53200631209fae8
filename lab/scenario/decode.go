package scenario

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder fills a Go value from a YAML tree. The library's own strict mode
// names the wrong field but not what would have been right; people write
// scenario files by hand, so every error here says both.
type decoder struct {
	file     string
	lines    map[string]int // path → line, for the checks that come after
	problems []*Problem
}

// enum is a string of a closed set.
type enum interface{ Allowed() []string }

// short is a mapping that may be written as a plain scalar, which then goes
// into the field it names.
type short interface{ Short() string }

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

func (d *decoder) fail(path string, line int, format string, args ...any) {
	d.problems = append(d.problems, &Problem{File: d.file, Line: line, Field: path, Text: fmt.Sprintf(format, args...)})
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func (d *decoder) value(n ast.Node, v reflect.Value, path string) {
	if _, seen := d.lines[path]; !seen {
		d.lines[path] = lineOf(n)
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return // "isp:" alone means: with its defaults
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.fail(path, lineOf(n), "YAML anchors, aliases and tags are not allowed")
		return
	case *ast.MappingNode:
		d.mapping(n.Values, lineOf(n), v, path)
		return
	case *ast.MappingValueNode:
		d.mapping([]*ast.MappingValueNode{n}, lineOf(n), v, path)
		return
	case *ast.SequenceNode:
		d.sequence(n, v, path)
		return
	}
	d.scalar(n, v, path)
}

func (d *decoder) mapping(pairs []*ast.MappingValueNode, line int, v reflect.Value, path string) {
	_, text := v.Addr().Interface().(encoding.TextUnmarshaler)
	if text || v.Kind() != reflect.Struct && v.Kind() != reflect.Map {
		d.fail(path, line, "a mapping is not allowed here (allowed: %s)", describe(v.Type()))
		return
	}
	fields := fieldsOf(v.Type())
	for _, pair := range pairs {
		key, at := pair.Key.GetToken().Value, lineOf(pair.Key)
		sub := join(path, key)
		if _, twice := d.lines[sub]; twice {
			d.fail(sub, at, "given twice")
			continue
		}
		d.lines[sub] = at
		if v.Kind() == reflect.Map {
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			if e, ok := reflect.Zero(v.Type().Key()).Interface().(enum); ok && !slices.Contains(e.Allowed(), key) {
				d.fail(sub, at, "unknown name (allowed: %s)", strings.Join(e.Allowed(), ", "))
				continue
			}
			elem := reflect.New(v.Type().Elem()).Elem()
			d.value(pair.Value, elem, sub)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), elem)
			continue
		}
		index, ok := fields.index[key]
		if !ok {
			d.fail(sub, at, "unknown field (allowed: %s)", strings.Join(fields.names, ", "))
			continue
		}
		d.value(pair.Value, v.Field(index), sub)
	}
}

func (d *decoder) sequence(n *ast.SequenceNode, v reflect.Value, path string) {
	if v.Kind() != reflect.Slice {
		d.fail(path, lineOf(n), "a list is not allowed here (allowed: %s)", describe(v.Type()))
		return
	}
	// Never nil: "findings: []" says something that a missing field does not.
	out := reflect.MakeSlice(v.Type(), len(n.Values), len(n.Values))
	for i, item := range n.Values {
		d.value(item, out.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
	v.Set(out)
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, path string) {
	text, line := scalarText(n), lineOf(n)
	if s, ok := v.Interface().(short); ok {
		v = v.Field(fieldsOf(v.Type()).index[s.Short()])
	}
	if e, ok := v.Interface().(enum); ok {
		if slices.Contains(e.Allowed(), text) {
			v.SetString(text)
			return
		}
		d.fail(path, line, "%q is not allowed (allowed: %s)", text, strings.Join(e.Allowed(), ", "))
		return
	}
	if v.CanAddr() && v.Addr().Type().Implements(textType) {
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
			d.fail(path, line, "%q is not allowed (allowed: %s)", text, describe(v.Type()))
		}
		return
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		var b bool
		if b, err = strconv.ParseBool(text); err == nil {
			v.SetBool(b)
		}
	case reflect.Int:
		var i int64
		if i, err = strconv.ParseInt(text, 10, 32); err == nil {
			v.SetInt(i)
		}
	case reflect.Interface: // driver commands: whatever JSON has
		v.Set(reflect.ValueOf(anyScalar(n, text)))
	default:
		err = fmt.Errorf("wrong kind")
	}
	if err != nil {
		d.fail(path, line, "%q is not allowed (allowed: %s)", text, describe(v.Type()))
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
