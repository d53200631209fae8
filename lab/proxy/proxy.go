// Package proxy starts the proxy server that a scenario's browser uses.
package proxy

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// URL is how a browser names the proxy.
func URL(p *scenario.Proxy) string { return string(p.Kind) + "://" + address(p) }

func address(p *scenario.Proxy) string {
	port := "1080"
	if p.Kind == "http" {
		port = "8888"
	}
	return net.JoinHostPort(scenario.ProxyAddr.String(), port)
}

// Start starts the proxy and waits until it accepts. It looks names up with
// the resolver of its own operator, as a proxy provider does.
func Start(ctx context.Context, p *scenario.Proxy, resolvConf string) error {
	args := []string{"microsocks", "-i", scenario.ProxyAddr.String(), "-p", "1080"}
	if p.Kind == "http" {
		config := filepath.Join(isolate.Temp, "tinyproxy.conf")
		text := fmt.Sprintf("Listen %s\nPort 8888\nTimeout 60\nMaxClients 100\nLogLevel Warning\nAllow 0.0.0.0/0\n", scenario.ProxyAddr)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write proxy config: %w", err)
		}
		args = []string{"tinyproxy", "-d", "-c", config}
	}
	s, err := service.Start(service.Spec{Name: "proxy", Machine: "proxy", Args: args, View: netns.View{ResolvConf: resolvConf}})
	if err != nil {
		return err
	}
	return s.Ready(ctx, func() error {
		return netns.Do("proxy", func() error {
			conn, err := net.DialTimeout("tcp", address(p), time.Second)
			if err != nil {
				return err
			}
			return conn.Close()
		})
	})
}
