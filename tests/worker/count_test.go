//go:build workerd

package worker

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"watertight/tools/workerd"
)

// TestCalls: what an operator pays for. The calls that Cloudflare counts are no more than
// ARCHITECTURE says: an exit or a frame needs no object, what is asked of a token is one
// call of an object, a node's report one more for each other object that it has news for.
func TestCalls(t *testing.T) {
	p, err := workerd.Start(workerd.Options{Root: root, Folder: plain, HTTP: []string{"127.0.0.1:0"}, Count: true, Keep: true,
		CF: map[string]any{"asn": 64496, "country": "NO"}, Vars: map[string]string{"ZONE": zone, "REPORT_KEYS": key.Line(), "SHARD_COUNT": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	url := "http://" + p.Addrs[0]
	ask := func(paths ...string) {
		for _, path := range paths {
			if status, body := get(t, url+"/v1/"+path); status != http.StatusOK {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	counted := func(worker, object map[string]int) {
		t.Helper()
		for late := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			now, err := p.Counted()
			if err != nil {
				t.Fatal(err)
			}
			if maps.Equal(now.Worker, worker) && maps.Equal(now.Object, object) {
				return
			}
			if time.Now().After(late) {
				t.Fatalf("calls of the Worker %v, want %v, of objects %v, want %v", now.Worker, worker, now.Object, object)
			}
		}
	}
	// The isolate's own program boots meanwhile. An object's call is told of when the next one comes.
	ask("about", "sightings/"+newToken())
	counted(map[string]int{"/v1/about": 1, "/v1/sightings": 1}, map[string]int{"rpc": 1})
	time.Sleep(time.Second)
	ask("exit", "frame", "about", "sightings/"+newToken())
	if status, body := post(t, url, newNode().seal(seen(newToken(), "f0", "198.51.100.1"), seen(newToken(), "s0", "198.51.100.2"))); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	ask("sightings/" + newToken())
	counted(map[string]int{"/v1/about": 2, "/v1/exit": 1, "/v1/frame": 1, "/v1/sightings": 3, "/v1/report": 1}, map[string]int{"rpc": 3, "/v1/report": 1})
}
