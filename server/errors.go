package server

import (
	"errors"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

// Problem is an error as clients read it (RFC 9457).
type Problem struct {
	Type      string              `json:"type"`
	Title     string              `json:"title"`
	Status    int                 `json:"status"`
	Detail    string              `json:"detail"`
	Instance  string              `json:"instance"`
	RequestID string              `json:"request_id"`
	Errors    []models.FieldError `json:"errors"`
	Current   *models.Current     `json:"current,omitzero"` // of a 412: what has happened since
	Uses      []models.Ref        `json:"uses,omitzero"`    // of a 409: what is in the way
}

// retryAfter is how many seconds a client should wait when something that Lectern depends on is down.
const retryAfter = 5

// statuses are what each kind of error is over HTTP.
var statuses = map[models.ErrorKind]int{
	models.KindMalformed:   fiber.StatusBadRequest,
	models.KindInvalid:     fiber.StatusUnprocessableEntity,
	models.KindNotFound:    fiber.StatusNotFound,
	models.KindGone:        fiber.StatusGone,
	models.KindConflict:    fiber.StatusConflict,
	models.KindStale:       fiber.StatusPreconditionFailed,
	models.KindUnavailable: fiber.StatusServiceUnavailable,
	models.KindMoved:       fiber.StatusPermanentRedirect,

	models.KindUnauthenticated:      fiber.StatusUnauthorized,
	models.KindForbidden:            fiber.StatusForbidden,
	models.KindPreconditionRequired: fiber.StatusPreconditionRequired,
	models.KindTooMany:              fiber.StatusTooManyRequests,
}

// titles name the problems; their types are the same in a URI.
var titles = map[int]string{
	fiber.StatusBadRequest:                  "Malformed request",
	fiber.StatusNotFound:                    "Not found",
	fiber.StatusMethodNotAllowed:            "Method not allowed",
	fiber.StatusConflict:                    "Conflict",
	fiber.StatusGone:                        "Gone",
	fiber.StatusPreconditionFailed:          "Precondition failed",
	fiber.StatusRequestEntityTooLarge:       "Request too large",
	fiber.StatusUnprocessableEntity:         "Rules broken",
	fiber.StatusRequestHeaderFieldsTooLarge: "Request headers too large",
	fiber.StatusRequestTimeout:              "Request timeout",
	fiber.StatusServiceUnavailable:          "Unavailable",
	fiber.StatusInternalServerError:         "Internal error",
	fiber.StatusUnauthorized:                "Not authenticated",
	fiber.StatusForbidden:                   "Not allowed",
	fiber.StatusPreconditionRequired:        "Precondition required",
	fiber.StatusTooManyRequests:             "Too many requests",
	fiber.StatusUnsupportedMediaType:        "Unsupported media type",
}

// problem is the one place where an error becomes an answer. An error of no known kind is a 500 without detail, and
// one log line with the cause.
func (s *Server) problem(c *fiber.Ctx, err error) error {
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.KindMoved {
		return redirect(c, e.Location)
	}
	setHeaders(c.Context()) // an error may come before any middleware
	p := problemOf(err)
	p.Instance = (&url.URL{Path: c.Path()}).EscapedPath()
	p.Detail = strings.ToValidUTF8(p.Detail, "�")
	p.RequestID = requestID(c.Context())
	if p.Status >= fiber.StatusInternalServerError && !errors.Is(err, errFull) { // who has too much to do writes no log of it
		s.Log.ErrorContext(c.UserContext(), "request failed", "request_id", p.RequestID, "path", loggedPath(c), "error", err)
	}
	switch p.Status {
	case fiber.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(retryAfter))
	case fiber.StatusTooManyRequests:
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(secondsOf(err)))
	case fiber.StatusUnauthorized:
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="lectern"`)
	}
	body, err := models.Encode(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Response().Header.Del(fiber.HeaderETag)
	return c.Status(p.Status).Send(body)
}

func problemOf(err error) Problem {
	p := Problem{Status: fiber.StatusInternalServerError, Errors: []models.FieldError{}}
	if e, ok := errors.AsType[*models.Error](err); ok && statuses[e.Kind] != 0 {
		p.Status, p.Detail, p.Current, p.Uses = statuses[e.Kind], e.Message, e.Current, e.Uses
		if e.Fields != nil {
			p.Errors = e.Fields
		}
	} else if e, ok := errors.AsType[*fiber.Error](err); ok {
		p.Status = e.Code
		if e.Code < fiber.StatusInternalServerError {
			p.Detail = e.Message
		}
	}
	p.Title = titles[p.Status]
	if p.Title == "" {
		p.Title = "HTTP error " + strconv.Itoa(p.Status)
	}
	p.Type = "/problems/" + strings.ReplaceAll(strings.ToLower(p.Title), " ", "-")
	return p
}

// secondsOf is how long a client should wait, in whole seconds and at least one.
func secondsOf(err error) int {
	e, _ := errors.AsType[*models.Error](err)
	return max(1, int(math.Ceil(e.RetryAfter.Seconds())))
}

// redirect sends a client to the address that a record has by now, with the same parameters. It is kept as long as any
// other answer: an old address may be given to another record.
func redirect(c *fiber.Ctx, location string) error {
	route := c.Route().Path
	if name := route[strings.LastIndexByte(route, ':')+1:]; strings.Contains(name, "/") {
		location += name[strings.IndexByte(name, '/'):] // what is asked of the record: its tree, its sitemap
	}
	if raw := string(c.Context().QueryArgs().QueryString()); raw != "" {
		location += "?" + raw
	}
	control := controlField
	if r := readingOf(c); r != nil {
		control = r.control
	}
	set(c.Context(), control)
	c.Set(fiber.HeaderLocation, location)
	c.Status(fiber.StatusPermanentRedirect)
	return nil
}
