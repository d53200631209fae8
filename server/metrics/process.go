package metrics

import (
	"runtime/metrics"
	"time"
)

// Process adds what the Go runtime knows of this process.
func (r *Registry) Process() {
	started := float64(time.Now().UnixMilli()) / 1000
	r.Gauge("process_start_time_seconds", "Unix time at which the process started.", func() float64 { return started })
	r.Total("process_cpu_seconds_total", "CPU time used.", cpuSeconds)
	for _, m := range []struct{ name, help, source string }{
		{"go_goroutines", "Goroutines.", "/sched/goroutines:goroutines"},
		{"go_memory_bytes", "Memory that the runtime holds.", "/memory/classes/total:bytes"},
		{"go_heap_objects_bytes", "Memory of objects, with those that are dead and not yet collected.", "/memory/classes/heap/objects:bytes"},
		{"go_gc_cycles", "Garbage collections so far.", "/gc/cycles/total:gc-cycles"},
	} {
		r.Gauge(m.name, m.help, func() float64 { return sample(m.source) })
	}
}

func sample(name string) float64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return float64(s[0].Value.Uint64())
}
