package netns

// View is what a program sees of /etc; nobody else sees it. What is left empty
// is the host's own.
type View struct {
	ResolvConf string // file shown as /etc/resolv.conf
	Etc        string // directory shown as /etc
}
