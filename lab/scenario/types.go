package scenario

import "net/netip"

// Scenario is one file. The order of fields is the order of the reference page.
type Scenario struct {
	File string `yaml:"-"`
	Name string `yaml:"-"` // the file's name without its ending

	Title        string              `yaml:"title"`
	Why          string              `yaml:"why"`
	CI           bool                `yaml:"ci"`
	Browsers     []Browser           `yaml:"browsers"`
	ISP          ISP                 `yaml:"isp"`
	VPN          *VPN                `yaml:"vpn"`
	Proxy        *Proxy              `yaml:"proxy"`
	Client       Client              `yaml:"client"`
	Hosts        map[string]Host     `yaml:"hosts"`
	Resolvers    map[string]Resolver `yaml:"resolvers"`
	Operators    map[string]Operator `yaml:"operators"`
	Intercept    []Intercept         `yaml:"intercept"`
	NFT          map[string]string   `yaml:"nft"`
	Dead         []Part              `yaml:"dead"`
	HTTPS        bool                `yaml:"https"` // the companion has certificates, and speaks nothing else
	Nodes        int                 `yaml:"nodes"` // machines that answer DNS and STUN and report to the companion
	Settings     Settings            `yaml:"settings"`
	Baseline     *Baseline           `yaml:"baseline"`
	Hardening    Mode                `yaml:"hardening"`
	Rival        Policy              `yaml:"rival"`         // what another extension holds, installed after ours
	ManagedSites Policy              `yaml:"managed_sites"` // … for all websites, past the setting (Chromium)
	Managed      Policy              `yaml:"managed"`       // what an administrator has set
	Steps        []Step              `yaml:"steps"`
	Expect       *Expect             `yaml:"expect"`
}

// ISP is the client's real connection: it exists in every scenario.
type ISP struct {
	IPv4  AccessV4 `yaml:"ipv4"`
	IPv6  AccessV6 `yaml:"ipv6"`
	NAT64 bool     `yaml:"nat64"`
	RADNS string   `yaml:"ra_dns"` // the resolver that router advertisements name
	Delay Duration `yaml:"delay"`
	Loss  Percent  `yaml:"loss"`
}

// VPN is the tunnel; naming it switches it on.
type VPN struct {
	Tunnel TunnelKind `yaml:"tunnel"`
	IPv6   bool       `yaml:"ipv6"`
	Exit   netip.Addr `yaml:"exit"`
	Delay  Duration   `yaml:"delay"`
	Loss   Percent    `yaml:"loss"`
}

// Proxy is a proxy on the Internet that the browser is told to use.
type Proxy struct {
	Kind ProxyKind `yaml:"kind"`
}

// Client is the machine with the browser.
type Client struct {
	Resolvers []Use     `yaml:"resolvers"`
	DoH       string    `yaml:"doh"` // the browser's own resolver, over HTTPS
	Routes    []Route   `yaml:"routes"`
	Host      HostModel `yaml:"host"`
}

// Use is one "nameserver" line of the client, in order.
type Use struct {
	Resolver string `yaml:"resolver"` // a name, or an address
	Family   Family `yaml:"family"`
	By       Link   `yaml:"by"` // adds a host route over that link
}

// Short lets "resolvers: [isp]" stand for "resolvers: [{resolver: isp}]".
func (Use) Short() string { return "resolver" }

// Route sends a destination over one of the client's links.
type Route struct {
	To netip.Prefix `yaml:"to"`
	By Link         `yaml:"by"`
}

// Host is one more machine.
type Host struct {
	At        string       `yaml:"at"`
	Addresses []netip.Addr `yaml:"addresses"`
	Delay     Duration     `yaml:"delay"`
	Loss      Percent      `yaml:"loss"`
}

// Resolver is a DNS resolver on a machine of its own, unless On is given.
type Resolver struct {
	Kind      ResolverKind `yaml:"kind"`
	At        string       `yaml:"at"`
	On        string       `yaml:"on"`
	Addresses []netip.Addr `yaml:"addresses"`
	Forward   string       `yaml:"forward"`
	ECS       bool         `yaml:"ecs"`
	DoH       bool         `yaml:"doh"`
	Config    string       `yaml:"config"`
}

// Operator is one line of the companion's network file.
type Operator struct {
	Prefixes []netip.Prefix `yaml:"prefixes"`
	ASN      int            `yaml:"asn"`
	Org      string         `yaml:"org"`
	Country  string         `yaml:"country"`
	Kind     OperatorKind   `yaml:"kind"`
}

// Intercept grabs port 53 of everything that a router passes on.
type Intercept struct {
	At string `yaml:"at"`
	To string `yaml:"to"`
}

// Settings are what the browser is started with.
type Settings struct {
	Chromium ChromiumSettings `yaml:"chromium"`
	Firefox  FirefoxSettings  `yaml:"firefox"`
	Grants   []Grant          `yaml:"grants"`
}

// ChromiumSettings are command line arguments.
type ChromiumSettings struct {
	Args []string `yaml:"args"`
}

// FirefoxSettings are preferences of about:config.
type FirefoxSettings struct {
	Prefs map[string]string `yaml:"prefs"`
}

// Grant is a permission that a site holds before the first check.
type Grant struct {
	Origin     string     `yaml:"origin"`
	Permission Permission `yaml:"permission"`
}

// Baseline is what the user recorded as the real connection, by operator.
type Baseline struct {
	Name      string   `yaml:"name"`
	Exits     []string `yaml:"exits"`
	Resolvers []string `yaml:"resolvers"`
}

// Step is one thing that happens, in order; exactly one field is given.
type Step struct {
	Check     *Check            `yaml:"check"`
	Link      map[Link]Position `yaml:"link"`
	Resolvers []Use             `yaml:"resolvers"`
	Exit      *netip.Addr       `yaml:"exit"`
	Dead      []Part            `yaml:"dead"`
	Wait      *Duration         `yaml:"wait"`
	Call      *Call             `yaml:"call"`
	Rival     string            `yaml:"rival"`
	Site      *Site             `yaml:"site"`
	Drive     map[string]any    `yaml:"drive"`
}

// Check is one click on the toolbar button.
type Check struct {
	Name   string  `yaml:"name"`
	Deep   bool    `yaml:"deep"`
	Press  Press   `yaml:"press"`
	Expect *Expect `yaml:"expect"`
}

// Expect is what the verdict must be. Chromium and Firefox replace, field by
// field, what the rest says.
type Expect struct {
	Outcome   Outcome         `yaml:"outcome"`
	Or        Outcome         `yaml:"or"` // as good, where chance decides
	Findings  []Finding       `yaml:"findings"`
	Rows      map[Row]Outcome `yaml:"rows"`
	Budget    *Budget         `yaml:"budget"`
	Hardening *Hardened       `yaml:"hardening"`
	Packets   *Packets        `yaml:"packets"`
	HTTP      []HTTPVersion   `yaml:"http"` // all versions in which the companion is asked
	Why       string          `yaml:"why"`
	Chromium  *Expect         `yaml:"chromium"`
	Firefox   *Expect         `yaml:"firefox"`
}

// Finding is one expected finding; what is left empty is not compared.
type Finding struct {
	ID        FindingID    `yaml:"id"`
	Certainty Certainty    `yaml:"certainty"`
	Exposes   string       `yaml:"exposes"`
	Evidence  []netip.Addr `yaml:"evidence"`
}

// Short lets "findings: [ipv6-bypass]" stand for "[{id: ipv6-bypass}]".
func (Finding) Short() string { return "id" }

// Budget bounds the times from the click.
type Budget struct {
	VerdictMS    int `yaml:"verdict_ms"`
	FirstPaintMS int `yaml:"first_paint_ms"`
}
