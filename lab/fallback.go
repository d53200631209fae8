package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"watertight/lab/browser"
	"watertight/lab/isolate"
	"watertight/lab/result"
)

// loopbackAPI is where a companion without flags listens.
const loopbackAPI = "http://127.0.0.1:8053"

// fallback runs the same click without the lab: the companion on loopback,
// the browser on this machine's own network, with an extension built for it.
func fallback(ctx context.Context, j job, show display, why error) (int, error) {
	fmt.Fprintf(os.Stderr, "%v\n\n", why)
	fmt.Fprint(os.Stderr, `So there is no demo network. Instead, the browser is tested against a companion
on this machine (127.0.0.1). Browser, extension and WebRTC are real, but a
companion on loopback sees this machine's own addresses only, and DNS stays
unknown: it is no name server that any resolver of the Internet would ask.

`)
	extension := filepath.Join(j.Build, "loopback-"+string(j.Browser))
	if _, err := os.Stat(extension); err != nil {
		return 0, fmt.Errorf("%w: %w (./build.sh run builds it)", isolate.ErrMissing, err)
	}
	server := exec.CommandContext(ctx, j.server())
	server.Stderr = os.Stderr
	isolate.DieWithParent(server)
	if err := server.Start(); err != nil {
		return 0, fmt.Errorf("start companion: %w", err)
	}
	defer func() {
		_ = server.Process.Kill() // may have ended
		_ = server.Wait()         // its error is that it was killed
	}()
	if err := awaitLoopback(ctx); err != nil {
		return 0, err
	}
	driver, err := browser.Start(ctx, browser.Options{Driver: j.driver(), Browser: j.Browser, Extension: extension, Out: j.Out, Headed: j.Headed})
	if err != nil {
		return 0, err
	}
	defer driver.Kill()
	var reply result.Reply
	if err := driver.Do(ctx, map[string]any{"do": "check", "screenshots": "loopback-" + string(j.Browser)}, &reply); err != nil {
		return 0, err
	}
	show.verdict(reply, why.Error())
	if j.Headed {
		driver.Wait()
	} else {
		driver.Quit(ctx)
	}
	return exitOK, nil
}

func awaitLoopback(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, loopbackAPI+"/v1/about", nil)
		if err != nil {
			return fmt.Errorf("ask companion: %w", err)
		}
		reply, err := http.DefaultClient.Do(request)
		if err == nil {
			reply.Body.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("ask companion: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
