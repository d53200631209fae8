package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// find turns names into files: a name or folder of lab/scenarios, or the path
// of a file or folder from anywhere. Without names: lab/scenarios itself,
// without its folders, which are suites of their own, unless all are wanted.
func find(root string, names []string, all bool) ([]string, error) {
	own := ownFolder(root)
	if len(names) == 0 && all {
		return everything(own)
	}
	if len(names) == 0 {
		return folder(own)
	}
	var out []string
	for _, name := range names {
		files, err := findOne(own, name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

func findOne(own, name string) ([]string, error) {
	for _, path := range []string{filepath.Join(own, name+".yaml"), filepath.Join(own, name), name} {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			continue
		case info.IsDir():
			return folder(path)
		default:
			return []string{path}, nil
		}
	}
	known, err := everything(own)
	if err != nil {
		return nil, err
	}
	for i, path := range known {
		known[i] = called(own, path)
	}
	return nil, fmt.Errorf("%w: no scenario, folder or file %q (scenarios: %s)", errUsage, name, strings.Join(known, ", "))
}

// ownFolder has the scenarios that come with the project.
func ownFolder(root string) string { return filepath.Join(root, "lab", "scenarios") }

// called is the name by which findOne finds a file.
func called(own, file string) string {
	if name, ours := strings.CutPrefix(file, own+string(filepath.Separator)); ours {
		return strings.TrimSuffix(name, ".yaml")
	}
	return file
}

// everything is what is in a folder and in the folders below it.
func everything(dir string) ([]string, error) {
	out, err := folder(dir)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Glob(filepath.Join(dir, "*", "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list scenarios: %w", err)
	}
	return append(out, below...), nil
}

func folder(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list scenarios: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: no *.yaml in %s", errUsage, dir)
	}
	slices.Sort(files)
	return files, nil
}
