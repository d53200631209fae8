package main

import (
	"context"
	"fmt"
)

func run(ctx context.Context, args []string) (int, error) {
	return 0, fmt.Errorf("todo")
}
