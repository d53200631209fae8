// Package call is the border of the WASM core without the browser: a request as
// JSON text goes in, a reply as JSON text comes out, whatever happens.
//
//	{"op":"judge","evidence":Evidence} → {"ok":true,"value":Verdict}
//	{"op":"version"}                   → {"ok":true,"value":{"version":1}}
//	{"op":"baseline","evidence":Evidence,"name":"Home"}
//	                                   → {"ok":true,"value":{"home":Home,"warning":Text|null}}
//	{"op":"harden","state":State}      → {"ok":true,"value":Decision}
//	{"op":"calls","evidence":Evidence} → {"ok":true,"value":Outlook}
//	{"op":"site","visit":…}            → {"ok":true,"value":{"state","sight","ledger"}}
//	{"op":"sites","book":…}            → {"ok":true,"value":Ledger, a list of sites, or Export}
//	{"op":"block","wall":…}            → {"ok":true,"value":Plan}
//	anything else                      → {"ok":false,"error":{"code":…,"message":…}}
//
// A check that is no good as a baseline is refused with the code not-enough, and
// error.text then is the Text to show.
//
// Evidence and Verdict are those of package verdict; State, Decision and Outlook
// those of package harden; what sites did is in site.go, with the types of package
// site. An error is a value of the
// reply, because a Go panic would end the instance and every later call.
package call

import (
	"encoding/json"
	"errors"
	"strings"

	"watertight/leak/harden"
	"watertight/leak/verdict"
)

// Version is the version of the request and reply format.
const Version = 1

// maxRequest bounds a request. Real evidence is below 100 kB; decoding more than
// this would hold up the browser for seconds.
const maxRequest = 4 << 20

// The codes of errors.
const (
	badJSON    = "bad-json"
	badRequest = "bad-request"
	unknownOp  = "unknown-op"
	panicked   = "panic"
	notEnough  = "not-enough"
)

// Error is an error as data.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	// Text is what to tell the user, if it is theirs to know.
	Text *verdict.Text `json:"text,omitempty"`
}

type reply struct {
	OK    bool   `json:"ok"`
	Value any    `json:"value,omitempty"`
	Error *Error `json:"error,omitempty"`
}

type request struct {
	Op       string            `json:"op"`
	Evidence *verdict.Evidence `json:"evidence"`
	Name     string            `json:"name"`
	State    *harden.State     `json:"state"`
	Visit    *visit            `json:"visit"`
	Book     *book             `json:"book"`
	Wall     *wall             `json:"wall"`
}

// maxName bounds the name of a recorded connection, in bytes; it is shown in
// one line.
const maxName = 200

// operations by name. Each gets the request and returns a value or an error.
var operations = map[string]func(request) (any, *Error){
	"judge":    judge,
	"baseline": baseline,
	"harden":   hardening,
	"calls":    calls,
	"site":     judgeSite,
	"sites":    keepSites,
	"block":    blockSites,
	"version": func(request) (any, *Error) {
		return map[string]int{"version": Version}, nil
	},
}

// Handle answers one request. It never panics and always returns a reply. No
// message quotes the request: it holds the user's addresses.
func Handle(requestJSON string) (replyJSON string) {
	defer func() {
		if recover() != nil {
			replyJSON = Fail(panicked, "the core failed on this request")
		}
	}()
	if len(requestJSON) > maxRequest {
		return Fail(badRequest, "the request is too large")
	}
	var r *request
	if err := json.Unmarshal([]byte(requestJSON), &r); err != nil || r == nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return Fail(badJSON, "the request is not JSON")
		}
		return Fail(badRequest, "the request has the wrong shape")
	}
	run, known := operations[r.Op]
	if !known {
		return Fail(unknownOp, "the op is not known")
	}
	value, failure := run(*r)
	if failure != nil {
		return encode(reply{Error: failure})
	}
	return encode(reply{OK: true, Value: value})
}

// judge runs the judgement on the request's evidence.
func judge(r request) (any, *Error) {
	if failure := r.usable(); failure != nil {
		return nil, failure
	}
	return verdict.Judge(*r.Evidence), nil
}

// baseline makes a recorded connection of the request's evidence.
func baseline(r request) (any, *Error) {
	if failure := r.usable(); failure != nil {
		return nil, failure
	}
	name := strings.TrimSpace(r.Name)
	if name == "" || len(name) > maxName {
		return nil, &Error{Code: badRequest, Message: "the name is empty or too long"}
	}
	recording, refused := verdict.Record(*r.Evidence, name)
	if refused != nil {
		return nil, &Error{Code: notEnough, Message: "the check is not good enough", Text: refused}
	}
	return recording, nil
}

// hardening decides what to do with the browser's WebRTC setting.
func hardening(r request) (any, *Error) {
	if r.State == nil {
		return nil, &Error{Code: badRequest, Message: "the op needs a state"}
	}
	if r.State.Version != Version {
		return nil, &Error{Code: badRequest, Message: "the state has another version"}
	}
	return harden.Next(*r.State), nil
}

// calls judges from the request's evidence whether calls will work.
func calls(r request) (any, *Error) {
	if failure := r.usable(); failure != nil {
		return nil, failure
	}
	return harden.Calls(*r.Evidence), nil
}

// usable reports what is wrong with the request's evidence.
func (r request) usable() *Error {
	if r.Evidence == nil {
		return &Error{Code: badRequest, Message: "the op needs evidence"}
	}
	if r.Evidence.Version != Version {
		return &Error{Code: badRequest, Message: "the evidence has another version"}
	}
	return nil
}

// Fail makes an error reply.
func Fail(code, message string) string {
	return encode(reply{Error: &Error{Code: code, Message: message}})
}

// BadArguments is the reply to a call that is not one string.
func BadArguments() string {
	return Fail(badRequest, "the call takes one string")
}

func encode(r reply) string {
	data, err := json.Marshal(r)
	if err != nil { // impossible: only our own types are encoded
		return `{"ok":false,"error":{"code":"panic","message":"the reply cannot be encoded"}}`
	}
	return string(data)
}
