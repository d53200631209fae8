package metrics

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// line is one sample of the exposition format.
var line = regexp.MustCompile(`^[a-z_]+(\{[a-z]+="[a-zA-Z0-9_]+"(,[a-z]+="[a-zA-Z0-9_]+")*\})? [0-9.e+-]+$`)

func TestWrite(t *testing.T) {
	r := New()
	a := r.Counter("x_total", "How many x.", "kind", "a")
	r.Gauge("y", "How much y.", func() float64 { return 1.5 })
	b := r.Counter("x_total", "How many x.", "kind", "b", "color", "red")
	a.Add()
	a.Add()
	b.Add()
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	want := "# HELP x_total How many x.\n# TYPE x_total counter\nx_total{kind=\"a\"} 2\nx_total{kind=\"b\",color=\"red\"} 1\n# HELP y How much y.\n# TYPE y gauge\ny 1.5\n"
	if w.Body.String() != want || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain; version=0.0.4") || a.Count() != 2 {
		t.Errorf("got %s", w.Body)
	}
	if n := testing.AllocsPerRun(100, a.Add); n != 0 {
		t.Errorf("counting allocates %v times", n)
	}
}

func TestProcess(t *testing.T) {
	r := New()
	r.Process()
	var out strings.Builder
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for l := range strings.Lines(out.String()) {
		l = strings.TrimSpace(l)
		if strings.HasPrefix(l, "# ") {
			continue
		}
		if !line.MatchString(l) {
			t.Errorf("line %q", l)
		}
		name, value, _ := strings.Cut(l, " ")
		values[name] = value
	}
	for _, name := range []string{"process_start_time_seconds", "process_cpu_seconds_total", "go_goroutines", "go_memory_bytes", "go_heap_objects_bytes"} {
		if v := values[name]; v == "" || v == "0" {
			t.Errorf("%s is %q", name, v)
		}
	}
}
