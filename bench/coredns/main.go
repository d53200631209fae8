// Command coredns is an anchor of the DNS bench: CoreDNS with the plugins that serve
// a zone from a file, and no others. Arguments are CoreDNS's own.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/file"

	"github.com/coredns/coredns/coremain"
)

func init() { dnsserver.Directives = []string{"bind", "file"} }

func main() { coremain.Run() }
