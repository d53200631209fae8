package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"regexp"
)

// painted is the page whose first frame people wait for.
const painted = "popup/popup.html"

var styleSheet = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)" />`)

// inlineStyles puts the style sheets of the popup into its document, and returns
// the sources by which a Content-Security-Policy allows just these (CSP3 §2.3.1).
// Each file is a round to the browser's process and to the disk, and Chromium
// shows a popup only when its document has loaded with all of them.
func inlineStyles(files map[string][]byte) ([]string, error) {
	page, there := files[painted]
	if !there {
		return nil, nil
	}
	var allowed []string
	var failed error
	files[painted] = styleSheet.ReplaceAllFunc(page, func(link []byte) []byte {
		name := path.Join(path.Dir(painted), string(styleSheet.FindSubmatch(link)[1]))
		css, there := files[name]
		switch {
		case !there:
			failed = fmt.Errorf("find %s", name)
		case bytes.Contains(css, []byte("</style")), bytes.Contains(css, []byte("url(")), bytes.Contains(css, []byte("@import")):
			failed = fmt.Errorf("put %s into the page: it ends the element, or names a file from where it lies", name)
		}
		sum := sha256.Sum256(css)
		allowed = append(allowed, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		return fmt.Appendf(nil, "<style>%s</style>", css)
	})
	return allowed, failed
}
