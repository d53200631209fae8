// Command run serves the built Worker on this machine, for a lab or for a look:
// `./build.sh worker --serve` starts it.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"watertight/tools/workerd"
)

// variables collects NAME=VALUE.
type variables map[string]string

func (v variables) String() string { return "" }

func (v variables) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("want NAME=VALUE")
	}
	v[name] = value
	return nil
}

func main() {
	vars := variables{}
	o := workerd.Options{Root: ".", Folder: "build/worker", Vars: vars, Stderr: os.Stderr}
	http := flag.String("http", "127.0.0.1:8053", "where to listen, separated by commas")
	flag.Var(vars, "var", "NAME=VALUE in the place of one in wrangler.jsonc; may be repeated")
	flag.StringVar(&o.Networks, "networks", "", "CSV file of networks that the open data does not know")
	flag.StringVar(&o.Root, "root", o.Root, "of the source tree")
	flag.StringVar(&o.Folder, "folder", o.Folder, "what ./build.sh worker made")
	flag.BoolVar(&o.Keep, "keep", false, "keep objects that nobody asks for longer than ten seconds")
	flag.BoolVar(&o.Bare, "bare", false, "believe CF-Connecting-IP, as behind Cloudflare; for a load")
	flag.Parse()
	o.HTTP = strings.Split(*http, ",")
	p, err := workerd.Start(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "workerd:", err)
		os.Exit(1)
	}
	for _, at := range p.Addrs {
		fmt.Println("http", at)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		p.Stop()
	}()
	p.Wait()
}
