package models

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrorKind says what went wrong in terms that programs act on. The server maps each to an HTTP status, the command
// line to an exit code.
type ErrorKind int

// The kinds of error. The zero value is an internal error, so that an Error made carelessly tells clients nothing.
const (
	KindInternal    ErrorKind = iota
	KindMalformed             // the request can't be read: syntax, unknown parameter, over a limit
	KindInvalid               // the request can be read, but breaks rules: Fields says which
	KindNotFound              // no such record
	KindGone                  // there was one, and it was unpublished or deleted
	KindConflict              // the state of the record forbids it, a taken slug for instance
	KindStale                 // the caller's version or token is not the current one
	KindUnavailable           // something Lectern depends on is down
	KindMoved                 // the record has another address by now: Location says which

	KindUnauthenticated      // nobody is signed in, or the token is not good
	KindForbidden            // who is signed in may not do it
	KindPreconditionRequired // the caller must say which version it has read
	KindTooMany              // too often in too short a time: RetryAfter says when to come back
)

// FieldError is one broken rule.
type FieldError struct {
	Pointer string `json:"pointer,omitzero"` // JSON Pointer (RFC 6901) into the request body
	Detail  string `json:"detail"`
	Param   string `json:"parameter,omitzero"` // or the query parameter
}

// Error is the one error type of the product, for three readers: Kind for programs, Message and Fields for the
// client, the wrapped cause for the log.
type Error struct {
	Kind     ErrorKind
	Message  string
	Fields   []FieldError
	Location string // of what has moved: root-relative

	RetryAfter time.Duration // of KindTooMany
	Current    *Current      // of KindStale: what has happened since
	Uses       []Ref         // of KindConflict: the records that are in the way

	err error
}

// Current is what a caller that acted on an old version needs to go on.
type Current struct {
	Version int64     `json:"version"` // to send instead, once the changes have been looked at
	Changed []string  `json:"changed"` // names of the fields that differ from the version that was sent; empty when it is not known
	By      string    `json:"by"`      // who made the newest change
	At      time.Time `json:"at"`
}

// Error gives the message, the broken rules and the cause on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for i, f := range e.Fields {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		if where := f.Pointer + f.Param; where != "" {
			b.WriteString(where + " ")
		}
		b.WriteString(f.Detail)
	}
	if e.err != nil {
		b.WriteString(": " + e.err.Error())
	}
	return b.String()
}

// Unwrap gives the cause, or nil.
func (e *Error) Unwrap() error { return e.err }

// KindOf finds the kind of an error. An error that is no *Error anywhere in its chain is KindInternal.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// NotFound says that there is no record of a kind under a name.
func NotFound(kind Kind, name string) error {
	return &Error{Kind: KindNotFound, Message: fmt.Sprintf("no %s %q", kind, name)}
}

// Gone says that a record was there and is not any more.
func Gone(kind Kind, name string) error {
	return &Error{Kind: KindGone, Message: fmt.Sprintf("%s %q is no longer published", kind, name)}
}

// Moved says that a record is found at another address of the content API by now.
func Moved(kind Kind, name, location string) error {
	return &Error{Kind: KindMoved, Message: fmt.Sprintf("the %s %q is at %s by now", kind, name, location), Location: location}
}

// Conflict says that the state of things forbids what was asked.
func Conflict(message string, cause error) error {
	return &Error{Kind: KindConflict, Message: message, err: cause}
}

// Stale says that the caller acted on a state that has passed.
func Stale(message string) error {
	return &Error{Kind: KindStale, Message: message}
}

// Malformed says that something could not be read at all.
func Malformed(message string, cause error) error {
	return &Error{Kind: KindMalformed, Message: message, err: cause}
}

// BadParameter says what is wrong with one query parameter.
func BadParameter(name, detail string) error {
	return &Error{Kind: KindMalformed, Message: "a query parameter is not right",
		Fields: []FieldError{{Param: name, Detail: detail}}}
}

// Invalid lists broken rules; it is nil when there are none.
func Invalid(message string, fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Message: message, Fields: fields}
}

// Unavailable says which dependency is down.
func Unavailable(what string, cause error) error {
	return &Error{Kind: KindUnavailable, Message: what + " is not available", err: cause}
}

// Forbidden says that somebody may not do something, and why.
func Forbidden(reason string) error {
	return &Error{Kind: KindForbidden, Message: reason}
}

// Unauthenticated says why it is not known who is asking.
func Unauthenticated(reason string) error {
	return &Error{Kind: KindUnauthenticated, Message: reason}
}

// TooMany says that something was tried too often, and when it may be tried again.
func TooMany(message string, after time.Duration) error {
	return &Error{Kind: KindTooMany, Message: message, RetryAfter: after}
}

// Under gives an error about a part of a document as one about the document: its pointers begin with where the part is.
func Under(prefix string, err error) error {
	return repointed(err, func(pointer string) string { return prefix + pointer })
}

// Inside is the reverse of Under: the pointers of an error about a document lose the beginning that leads to the part
// that was sent.
func Inside(prefix string, err error) error {
	return repointed(err, func(pointer string) string { return strings.TrimPrefix(pointer, prefix) })
}

func repointed(err error, pointer func(string) string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	out := *e
	out.Fields = slices.Clone(e.Fields)
	for i := range out.Fields {
		if out.Fields[i].Param == "" {
			out.Fields[i].Pointer = pointer(out.Fields[i].Pointer)
		}
	}
	return &out
}
