package main

import (
	"errors"
	"testing"
)

func TestCheckAPI(t *testing.T) {
	for name, c := range map[string]struct {
		given options
		nodes int
		wrong bool
	}{
		"the server, without nodes":  {options{api: "binary"}, 0, false},
		"the server, with nodes":     {options{api: "binary", nodes: 2}, 2, false},
		"a Worker has nodes":         {options{api: "worker"}, 3, false},
		"a Worker, with other nodes": {options{api: "worker", nodes: 5}, 5, false},
		"something else":             {options{api: "lambda"}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.given.checkAPI()
			if errors.Is(err, errUsage) != c.wrong || c.given.nodes != c.nodes {
				t.Errorf("%v with %d nodes", err, c.given.nodes)
			}
		})
	}
}
