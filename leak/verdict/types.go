package verdict

// Outcome is one of three words, and for a row also "pending".
type Outcome string

// The outcomes.
const (
	Leak    Outcome = "leak"
	Clear   Outcome = "clear"
	Unknown Outcome = "unknown"
	Pending Outcome = "pending"
)

// The rows: who websites see, who answers DNS, what WebRTC gives away.
const (
	rowExit   = "exit"
	rowDNS    = "dns"
	rowWebRTC = "webrtc"
)

// Levels and certainties of findings.
const (
	levelLeak = "leak"
	levelInfo = "info"
	proven    = "proven"
	likely    = "likely"
)

// The params of findings.
const (
	paramMoved   = "moved"   // dns-failover: the browser stays with the other resolver
	paramSeen    = "seen"    // dns-failover: earlier checks were answered elsewhere
	paramGranted = "granted" // webrtc: only sites with microphone or camera see it
)

// The finding ids, stable: golden files and the lab speak of them.
const (
	WebRTCPublicIP    = "webrtc-public-ip"
	WebRTCLocalIP     = "webrtc-local-ip"
	WebRTCHardwareID  = "webrtc-hardware-id"
	IPv6Bypass        = "ipv6-bypass"
	VPNOff            = "vpn-off"
	DNSISPResolver    = "dns-isp-resolver"
	DNSMixed          = "dns-mixed"
	DNSFailover       = "dns-failover"
	DNSClientSubnet   = "dns-client-subnet"
	DNSProxyBypass    = "dns-proxy-bypass"
	DNSPublicOperator = "dns-public-operator"
	PolicyOverridden  = "policy-overridden"
	DNSIntercepted    = "dns-intercepted"
	WebRTCPermission  = "webrtc-permission-exposure"
)

// Text names a message of the extension's locales and its arguments.
type Text struct {
	ID   string   `json:"id"`
	Args []string `json:"args"`
}

// Verdict is what Judge makes of evidence.
type Verdict struct {
	Version  int           `json:"version"`
	Outcome  Outcome       `json:"outcome"`
	Final    bool          `json:"final"`
	Headline Text          `json:"headline"`
	Rows     []Row         `json:"rows"`
	Findings []Finding     `json:"findings"`
	Unknowns []UnknownPart `json:"unknowns"`
	// Wants lists public addresses whose network would let Judge say more.
	Wants []string `json:"wants"`
	// Memory is what to hand back as history with later checks; nil unless the
	// check was good enough to be remembered.
	Memory *Memory `json:"memory"`
	// Path is the data of the path picture.
	Path Picture `json:"path"`
}

// Row is one line of the popup.
type Row struct {
	ID       string  `json:"id"`
	Outcome  Outcome `json:"outcome"`
	Headline Text    `json:"headline"`
	Facts    []Fact  `json:"facts"`
}

// Fact is one thing that was seen.
type Fact struct {
	Text    Text     `json:"text"`
	Address string   `json:"address"`
	Network *Network `json:"network"`
	Via     string   `json:"via"`
	Raw     string   `json:"raw"`
}

// Finding is one conclusion, with what proves it.
type Finding struct {
	ID        string  `json:"id"`
	Level     string  `json:"level"`
	Certainty string  `json:"certainty"`
	Row       string  `json:"row"`
	Explain   Text    `json:"explain"`
	Fix       Text    `json:"fix"`
	Steps     []Text  `json:"steps"`   // how to do what Fix says; empty if there is nothing to add
	Exposes   string  `json:"exposes"` // who sees the user, or ""
	Param     string  `json:"param"`   // how it came about: moved, seen, granted, or ""
	Evidence  []Proof `json:"evidence"`
}

// Proof is one address that proves a finding.
type Proof struct {
	Address string   `json:"address"`
	Network *Network `json:"network"`
	Via     string   `json:"via"`
	Raw     string   `json:"raw"`
}

// UnknownPart says why a row could not be judged.
type UnknownPart struct {
	Row    string `json:"row"`
	Reason Text   `json:"reason"`
}
