package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"watertight/lab/isolate"
	"watertight/lab/root"
	"watertight/lab/scenario"
)

// grok is dnsviz's second half. Debian 12's asks pygraphviz for its version in a
// way that Debian 12's pygraphviz does not know any more; nothing else of it is
// changed, and nothing is drawn.
const grok = `import sys, types, pygraphviz
pygraphviz.release = types.SimpleNamespace(version=pygraphviz.__version__)
from dnsviz.commands import grok
grok.main(["grok"] + sys.argv[1:])`

// intended is what dnsviz has to find: one name is broken on purpose, and one zone
// has no name server with IPv4.
var intended = map[string]bool{
	"broken.sig." + scenario.Zone + ". A SIGNATURE_INVALID":    true,
	"broken.sig." + scenario.Zone + ". AAAA SIGNATURE_INVALID": true,
	"v6." + scenario.Zone + ". zone NO_NS_ADDRESSES_FOR_IPV4":  true,
}

// visualise walks from the root with dnsviz over both families, and reports each
// zone and name: no error and no warning but what is intended.
func visualise(ctx context.Context, anchor string, report func(Row)) error {
	names := []string{scenario.Zone, "sig." + scenario.Zone, "v6." + scenario.Zone, "valid.sig." + scenario.Zone, "broken.sig." + scenario.Zone, "stun." + scenario.Zone, "ns1." + scenario.Zone}
	at := func(name string) string { return filepath.Join(isolate.Temp, name) }
	if err := os.WriteFile(at("anchor.zone"), []byte("sig."+scenario.Zone+". 3600 IN DNSKEY "+anchor+"\n"), 0o600); err != nil {
		return fmt.Errorf("write trust anchor: %w", err)
	}
	hints := ".:" + strings.TrimSuffix(root.Name, ".") + "=" + root.Addrs[0].String()
	probe := append([]string{"dnsviz", "probe", "-A", "-a", ".", "-x", hints, "-o", at("probe.json")}, names...)
	if _, err := run(ctx, probe...); err != nil {
		return err
	}
	text, err := run(ctx, "/usr/bin/python3", "-c", grok, "-l", "warning", "-t", at("anchor.zone"), "-r", at("probe.json"))
	if err != nil {
		return err
	}
	found, err := problems([]byte(text))
	if err != nil {
		return err
	}
	probed, err := os.ReadFile(at("probe.json"))
	if err != nil {
		return fmt.Errorf("read dnsviz: %w", err)
	}
	for _, name := range names {
		var wrong []string
		for _, p := range found {
			if strings.HasPrefix(p, name+". ") && !intended[p] {
				wrong = append(wrong, p)
			}
		}
		if !strings.Contains(string(probed), `"`+name+`."`) {
			wrong = append(wrong, "not probed")
		}
		report(judge("dnsviz", name, "both", "", wrong, nil))
	}
	for _, p := range slices.Sorted(maps.Keys(intended)) {
		var wrong []string
		if !slices.Contains(found, p) {
			wrong = append(wrong, "not found, so nothing was looked at")
		}
		report(judge("dnsviz", "finds "+p, "both", "", wrong, nil))
	}
	for _, server := range []string{scenario.Companion.String(), scenario.Companion6.String()} {
		var wrong []string
		if !strings.Contains(string(probed), `"`+server+`"`) {
			wrong = append(wrong, "not asked")
		}
		report(judge("dnsviz", "asks "+server, "both", "", wrong, nil))
	}
	return nil
}

// problems lists dnsviz's errors and warnings as "name. type code".
func problems(text []byte) ([]string, error) {
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("read dnsviz: %w: %s", err, text)
	}
	found := map[string]bool{}
	for name, value := range all {
		walk(value, nil, func(path []string, code string) {
			kind := "zone"
			if i := slices.Index(path, "queries"); i >= 0 && i+1 < len(path) {
				fields := strings.Split(path[i+1], "/") // name/class/type
				kind = fields[len(fields)-1]
			}
			found[name+" "+kind+" "+code] = true
		})
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func walk(value any, path []string, tell func(path []string, code string)) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if list, ok := inner.([]any); ok && (key == "errors" || key == "warnings") {
				for _, one := range list {
					code, _ := one.(map[string]any)["code"].(string)
					tell(path, code)
				}
				continue
			}
			walk(inner, append(slices.Clone(path), key), tell)
		}
	case []any:
		for _, inner := range v {
			walk(inner, path, tell)
		}
	}
}
