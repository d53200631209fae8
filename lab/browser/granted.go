package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// granted are the permissions that the extension asks for at run time. No
// script can press the browser's prompt, so the lab grants them at the install.
var granted = []string{"privacy", "tabs"}

// Granted copies the built extension to a folder and lets its manifest demand
// what the user would have granted. Nothing else differs.
func Granted(from, to string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return fmt.Errorf("copy extension: %w", err)
	}
	file := filepath.Join(to, "manifest.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	if data, err = grant(data); err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

func grant(manifest []byte) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	always, _ := m["permissions"].([]any)
	optional, _ := m["optional_permissions"].([]any)
	for _, name := range granted {
		if !slices.Contains(optional, any(name)) {
			return nil, fmt.Errorf("grant %s: the manifest does not ask for it", name)
		}
		always = append(always, name)
	}
	m["permissions"] = always
	m["optional_permissions"] = slices.DeleteFunc(optional, func(p any) bool { return slices.Contains(granted, p.(string)) })
	return json.Marshal(m)
}
