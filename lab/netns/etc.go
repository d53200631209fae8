package netns

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// etcFile is the largest file of /etc that is worth a copy: the rest are caches.
const etcFile = 1 << 20

// CopyEtc copies the host's /etc to a directory, without what may not be read,
// and adds files to it. Programs have settings below /etc that no argument
// replaces; a View shows them the copy.
func CopyEtc(dir string, files map[string]string) error {
	err := filepath.WalkDir("/etc", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // not readable for us, so not for the program either
		}
		return copyEntry(path, filepath.Join(dir, path[len("/etc"):]), entry)
	})
	if err != nil {
		return fmt.Errorf("copy /etc: %w", err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
		_ = os.Remove(path) // a link would be followed out of the copy
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func copyEntry(from, to string, entry fs.DirEntry) error {
	switch {
	case entry.IsDir():
		return os.MkdirAll(to, 0o755)
	case entry.Type() == fs.ModeSymlink:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case !entry.Type().IsRegular():
		return nil
	}
	if info, err := entry.Info(); err != nil || info.Size() > etcFile {
		return nil //nolint:nilerr // gone meanwhile
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return nil //nolint:nilerr // secrets of the host stay with it
	}
	return os.WriteFile(to, data, 0o644)
}
