package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Grants are what the user has agreed to. No script can press the browser's
// prompt, so the lab grants at the install.
type Grants struct {
	Setting bool // to change the WebRTC setting
	Sites   bool // to watch all websites, and to notify
}

// names are the permissions that the extension asks for at run time.
func (g Grants) names() []string {
	var out []string
	if g.Setting {
		out = append(out, "privacy", "tabs")
	}
	if g.Sites {
		out = append(out, "notifications")
	}
	return out
}

// Granted copies the built extension to a folder and lets its manifest demand
// what the user would have granted. Nothing else differs.
func Granted(from, to string, g Grants) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return fmt.Errorf("copy extension: %w", err)
	}
	file := filepath.Join(to, "manifest.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	if data, err = grant(data, g); err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

func grant(manifest []byte, g Grants) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	always, _ := m["permissions"].([]any)
	optional, _ := m["optional_permissions"].([]any)
	granted := g.names()
	for _, name := range granted {
		if !slices.Contains(optional, any(name)) {
			return nil, fmt.Errorf("grant %s: the manifest does not ask for it", name)
		}
		always = append(always, name)
	}
	m["permissions"] = always
	m["optional_permissions"] = slices.DeleteFunc(optional, func(p any) bool { return slices.Contains(granted, p.(string)) })
	if g.Sites {
		hosts, _ := m["optional_host_permissions"].([]any)
		if len(hosts) == 0 {
			return nil, errors.New("grant websites: the manifest does not ask for them")
		}
		m["host_permissions"] = hosts
		delete(m, "optional_host_permissions")
	}
	return json.Marshal(m)
}
