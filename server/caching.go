package server

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
)

// cacheControl lets caches keep content answers and makes them ask each time whether they are still right.
const cacheControl = "public, max-age=0, must-revalidate"

// setCaching says how long caches may keep an answer: of content that is behind a key only the client's own, and in a
// preview none.
func setCaching(c *fiber.Ctx, control string) {
	switch {
	case previewBase(c) != "":
		control = "private, no-store"
	case isKeyed(c):
		control = strings.Replace(control, "public", "private", 1)
	}
	c.Set(fiber.HeaderCacheControl, control)
}

const (
	headerCacheTag = "Cache-Tag"
	headerRevision = "Lectern-Revision"

	// maxCacheTags bounds the header: an answer with more records in it has the tag manyTag in their place.
	maxCacheTags = 150

	allTag  = "lectern"      // of every content answer
	manyTag = "lectern-many" // of those with more records than tags
)

// localMoment is where the state of the content that an answer is of stands while a request is answered.
const localMoment = "moment"

// settled is how long ago the newest publish must be for an answer to say when it was last modified: HTTP's dates have
// whole seconds, and two publishes in one second would have the same.
const settled = 2 * time.Second

// moment makes the reads of a request note which state of the content they see.
func moment(c *fiber.Ctx) error {
	m := &content.Moment{}
	c.Locals(localMoment, m)
	c.SetUserContext(content.NoteMoment(c.UserContext(), m))
	return c.Next()
}

// setRevision says which revision of the content an answer shows, and gives the time of that; zero for answers that show
// no content.
func setRevision(c *fiber.Ctx) time.Time {
	m, ok := c.Locals(localMoment).(*content.Moment)
	if !ok {
		return time.Time{}
	}
	c.Set(headerRevision, strconv.FormatInt(m.Revision, 10))
	return m.At
}

// sendCacheable answers with bytes that clients may keep, or with 304 when the client has them already.
func sendCacheable(c *fiber.Ctx, body []byte) error {
	tag, in := etag(body), choose(c.Get(fiber.HeaderAcceptEncoding), len(body))
	c.Set(fiber.HeaderETag, `"`+tag+in.suffix+`"`)
	setCaching(c, cacheControl)
	c.Vary(fiber.HeaderAcceptEncoding)
	at := setRevision(c)
	if !at.IsZero() && time.Since(at) > settled {
		c.Set(fiber.HeaderLastModified, at.UTC().Format(httpDate))
	}
	if unchanged(c, tag, at) {
		return sendNotModified(c)
	}
	return sendCoded(c, body, in)
}

// httpDate is how HTTP writes times (RFC 9110, 5.6.7).
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// unchanged tells whether a client has an answer already. A date counts only where no tag is given (RFC 9110, 13.1.3),
// and only while it is as new as the newest publish.
func unchanged(c *fiber.Ctx, tag string, modified time.Time) bool {
	if header := c.Get(fiber.HeaderIfNoneMatch); header != "" {
		return noneMatch(header, tag)
	}
	since, err := time.Parse(httpDate, c.Get(fiber.HeaderIfModifiedSince))
	return err == nil && !modified.IsZero() && time.Since(modified) > settled && !modified.Truncate(time.Second).After(since)
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

// sendNotModified answers without a body. SendStatus would write one, if only for the log.
func sendNotModified(c *fiber.Ctx) error {
	c.Response().Header.Del(fiber.HeaderContentType)
	c.Status(fiber.StatusNotModified)
	return nil
}

// etag is a hash of the identity bytes of an answer.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// anID is an id as it stands in JSON.
var anID = regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`)

// cacheTags names the records in an answer, those that it only refers to as well, so that a CDN can drop what a publish
// has changed.
func cacheTags(body []byte) string {
	tags, seen := []string{allTag}, map[string]bool{}
	for _, m := range anID.FindAll(body, -1) {
		id := strings.Trim(string(m), `"`)
		if seen[id] {
			continue
		}
		seen[id] = true
		if len(seen) > maxCacheTags {
			return allTag + "," + manyTag
		}
		tags = append(tags, id)
	}
	return strings.Join(tags, ",")
}
