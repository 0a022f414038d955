package server

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"
)

// cacheControl lets caches keep answers and makes them ask each time whether they are still right. For content the
// settings may say otherwise.
const cacheControl = "public, max-age=0, must-revalidate"

var controlField = newField(fiber.HeaderCacheControl, cacheControl)

const (
	headerCacheTag = "Cache-Tag"
	headerRevision = "Lectern-Revision"

	// maxCacheTags bounds the header: an answer with more records in it has the tag manyTag in their place.
	maxCacheTags = 150

	allTag  = "lectern"      // of every content answer
	manyTag = "lectern-many" // of those with more records than tags
)

// settled is how long ago the newest publish must be for an answer to say when it was last modified: HTTP's dates have
// whole seconds, and two publishes in one second would have the same.
const settled = 2 * time.Second

// previewControl is for previews, which nobody keeps.
const previewControl = "private, no-store"

// setCaching says how long caches may keep an answer: of content that is behind a key only the client's own, and in a
// preview none.
func setCaching(c *fiber.Ctx, control string) {
	switch {
	case previewBase(c) != "":
		control = previewControl
	case isKeyed(c):
		control = withoutShared(control)
	}
	c.Set(fiber.HeaderCacheControl, control)
}

// withoutShared is what a Cache-Control allows to caches that are one client's own (RFC 9111, 5.2.2.7).
func withoutShared(control string) string {
	parts := []string{"private"}
	for part := range strings.SplitSeq(control, ",") {
		part = strings.TrimSpace(part)
		name, _, _ := strings.Cut(part, "=")
		switch name {
		case "public", "private", "s-maxage", "proxy-revalidate": // which speak of shared caches
		default:
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// sendCacheable answers with bytes that clients may keep, or with 304 when the client has them already. The header fields
// that say what the bytes are must be set before.
func sendCacheable(c *fiber.Ctx, body []byte) error {
	a, control := newRepresentation(c, body), controlField
	if r := readingOf(c); r != nil {
		r.made, control = a, r.control
	}
	a.answer(c, control)
	return nil
}

// representation is a whole answer that clients may keep: all of it but what belongs to one request. It is not changed once it
// is made, other than that it gets its codings.
type representation struct {
	contentType []byte
	fields      []field   // those of its bytes, the same in all codings
	revision    []field   // none when it is not known
	at          time.Time // when the content that it shows was published; zero when that is not known
	modified    field     // the same as HTTP writes it
	tag         string
	etags       [numCodings]field // by coding
	body        codedBody

	sent  func(*fasthttp.RequestCtx) // counts each time that it is sent; nil: nobody counts
	route any                        // pattern of the route that made it: a string, as Locals takes it without a copy
	path  string                     // of the request that it was made for
}

var (
	etagName     = nameOf(fiber.HeaderETag)
	revisionName = nameOf(headerRevision)
	modifiedName = nameOf(fiber.HeaderLastModified)

	bodyNames = [][]byte{nameOf(headerCacheTag), nameOf(fiber.HeaderContentDisposition)} // of fields that say something of the bytes
)

func newRepresentation(c *fiber.Ctx, body []byte) *representation {
	h := &c.Response().Header
	a := &representation{contentType: bytes.Clone(h.ContentType()), tag: etag(body), body: codedBody{plain: body}, route: c.Route().Path}
	for in := range a.etags {
		a.etags[in] = field{etagName, []byte(`"` + a.tag + codings[in].suffix + `"`)}
	}
	for _, name := range bodyNames {
		if value := h.PeekBytes(name); len(value) > 0 {
			a.fields = append(a.fields, field{name, bytes.Clone(value)})
			h.DelBytes(name) // send sets it, where there is a body
		}
	}
	if r := readingOf(c); r != nil {
		a.at, a.sent, a.path = r.At, r.sent, r.key.path
		a.revision = []field{{revisionName, strconv.AppendInt(nil, r.Revision, 10)}}
		a.modified = field{modifiedName, a.at.UTC().AppendFormat(nil, httpDate)}
	}
	return a
}

// answer sends it where middleware has set header fields already. A 304 of content leaves those out that came with the body.
func (a *representation) answer(c *fiber.Ctx, control field) {
	ctx := c.Context()
	if a.send(ctx, control); ctx.Response.StatusCode() == fiber.StatusNotModified && len(a.revision) > 0 {
		forgetCareful(ctx)
	}
}

// send answers one request.
func (a *representation) send(ctx *fasthttp.RequestCtx, control field) {
	if a.sent != nil {
		a.sent(ctx)
	}
	in := choose(peek(ctx, fiber.HeaderAcceptEncoding), len(a.body.plain))
	set(ctx, a.etags[in], control)
	set(ctx, a.revision...)
	vary(ctx, fiber.HeaderAcceptEncoding)
	known := !a.at.IsZero() && ctx.Time().Sub(a.at) > settled
	if a.unchanged(ctx, known) {
		sendNotModified(ctx)
		return
	}
	set(ctx, a.fields...)
	if known {
		set(ctx, a.modified)
	}
	ctx.Response.Header.SetContentTypeBytes(a.contentType)
	if in != identity {
		ctx.Response.Header.SetContentEncoding(codings[in].name)
	}
	ctx.Response.SetBodyRaw(a.body.in(in))
}

func (a *representation) sizeOfFields() (n int) {
	for _, f := range slices.Concat(a.fields, a.revision) {
		n += len(f.name) + len(f.value)
	}
	return n
}

// httpDate is how HTTP writes times (RFC 9110, 5.6.7).
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// unchanged tells whether a client has an answer already. A date counts only where no tag is given (RFC 9110, 13.1.3),
// and only while it is as new as the newest publish: while that is known.
func (a *representation) unchanged(ctx *fasthttp.RequestCtx, known bool) bool {
	if header := peek(ctx, fiber.HeaderIfNoneMatch); header != "" {
		return noneMatch(header, a.tag)
	}
	header := peek(ctx, fiber.HeaderIfModifiedSince)
	if header == "" || !known {
		return false
	}
	since, err := time.Parse(httpDate, header)
	return err == nil && !a.at.Truncate(time.Second).After(since)
}

// peek reads a header field of a request without a copy: the text is good until the request is answered.
func peek(ctx *fasthttp.RequestCtx, name string) string {
	return utils.UnsafeString(ctx.Request.Header.Peek(name))
}

var varyName = nameOf(fiber.HeaderVary)

// vary names a header field of requests that an answer depends on.
func vary(ctx *fasthttp.RequestCtx, name string) {
	h := &ctx.Response.Header
	if before := h.PeekBytes(varyName); len(before) > 0 {
		name = string(before) + ", " + name
	}
	h.SetCanonical(varyName, utils.UnsafeBytes(name))
}

// noneMatch tells whether a client has an answer already. It compares weakly (RFC 9110, 13.1.2) and leaves aside the
// suffix of a coding, since all codings of one answer say the same. It looks at nothing else: a client that sends
// no-cache with its validator, as Node's fetch does, asks to revalidate, and a 304 is the answer to that.
func noneMatch(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		t := strings.TrimPrefix(strings.TrimSpace(part), "W/")
		t = strings.TrimSuffix(strings.TrimPrefix(t, `"`), `"`)
		t = strings.TrimSuffix(strings.TrimSuffix(t, "-gz"), "-br")
		if t == tag {
			return true
		}
	}
	return false
}

// sendNotModified answers without a body, and without the fields that say what a body is: whoever asks has them, and keeps those that
// a 304 does not give anew (RFC 9110, 15.4.5, and RFC 9111, 3.2). SendStatus would write a body, if only for the log.
func sendNotModified(ctx *fasthttp.RequestCtx) {
	ctx.Response.Header.Del(fiber.HeaderContentType)
	ctx.SetStatusCode(fiber.StatusNotModified)
}

// etag is a hash of the identity bytes of an answer, or of what a list is made by, the same in all instances. It tells the states of
// one address apart, and keeps nothing secret or safe: a hash that can't be forged took a twelfth of all that making an answer takes.
func etag(body []byte) string {
	const size, halves = 8, 2
	var d xxhash.Digest
	var sum [halves * size]byte
	for half := range uint64(halves) {
		d.ResetWithSeed(half)
		_, _ = d.Write(body)
		binary.BigEndian.PutUint64(sum[half*size:], d.Sum64())
	}
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// anID is the form of an id: x is a digit of a hexadecimal number.
const anID = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"

// firstHyphen is where the first hyphen of an id stands: there are fewer of them in JSON than quotes.
var firstHyphen = strings.IndexByte(anID, '-')

// nextID finds the next id that stands in JSON, a string of its own, and gives what is after it. A regular expression took a
// seventh of the time of making an answer.
func nextID(body []byte) (id, rest []byte) {
	for at := 0; ; {
		i := bytes.IndexByte(body[at:], '-')
		if i < 0 {
			return nil, nil
		}
		begin := at + i - firstHyphen
		end := begin + len(anID)
		if begin > 0 && end < len(body) && body[begin-1] == '"' && body[end] == '"' && isID(body[begin:end]) {
			return body[begin:end], body[end+1:]
		}
		at += i + 1
	}
}

func isID(text []byte) bool {
	for i, c := range text {
		isHex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if anID[i] == 'x' && !isHex || anID[i] == '-' && c != '-' {
			return false
		}
	}
	return true
}

// cacheTags names the records in an answer, those that it only refers to as well, so that a CDN can drop what a publish
// has changed.
func cacheTags(body []byte) string {
	tags := append(make([]byte, 0, usualTags*(len(anID)+1)), allTag...)
	seen := map[string]struct{}{} // on the stack, as long as it is small
	for found, rest := nextID(body); found != nil; found, rest = nextID(rest) {
		id := utils.UnsafeString(found) // as long as body is there
		if _, again := seen[id]; again {
			continue
		}
		if len(seen) == maxCacheTags {
			return allTag + "," + manyTag
		}
		seen[id] = struct{}{}
		tags = append(append(tags, ','), id...)
	}
	return utils.UnsafeString(tags)
}

// usualTags is room for the ids that most answers have.
const usualTags = 16
