package main

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// epoch dates every file of a zip: the earliest time the format can say.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// ships tells what belongs into the package: not the notes for developers,
// and of an icon the sizes that browsers load, not the drawing.
func ships(name string) bool {
	return !strings.HasSuffix(name, ".md") && !strings.HasPrefix(filepath.Base(name), ".")
}

func collect(source string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil || !ships(name) {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err == nil && files["manifest.json"] == nil {
		err = fmt.Errorf("no manifest.json in %s", source)
	}
	return files, err
}

// write replaces the directory. It refuses one that is not an extension, so
// that a mistyped --out cannot delete something else.
func write(dir string, files map[string][]byte) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil {
			return fmt.Errorf("%s is not empty and not an extension", dir)
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pack writes the files in the order of their names, all of the same date.
func pack(path string, files map[string][]byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	z := zip.NewWriter(f)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return fmt.Errorf("add %s: %w", name, err)
		}
		if _, err := w.Write(files[name]); err != nil {
			return fmt.Errorf("add %s: %w", name, err)
		}
	}
	return z.Close()
}
