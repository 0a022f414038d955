package server

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/maypok86/otter/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// RateLimits are how many requests one client may make in a minute, 0 for any number. A client is who sends a token or has a
// session, where that is looked at, else an address: of IPv6 the network that a site has (/64).
type RateLimits struct {
	Read   int // of the content API, those that are answered from memory included
	Search int // that search, and are not answered from memory
	Admin  int // of the admin API that change something, or bring no good session or token
}

const (
	rateWindow = time.Minute

	// maxClients bounds the clients that are remembered under one limit, of about 300 bytes each. When there are more, those
	// are forgotten that ask least.
	maxClients = 20_000

	// clientBits is how much of an IPv6 address is one client: a site is given a /64 at least (RFC 6177), and may use any
	// address in it.
	clientBits = 64
)

// Names of the header fields that tell clients of limits: draft-ietf-httpapi-ratelimit-headers-10.
const (
	headerRateLimit       = "RateLimit"
	headerRateLimitPolicy = "RateLimit-Policy"
)

var rateLimitName = nameOf(headerRateLimit)

// limiters are the limits of a server, each nil when it is off.
type limiters struct{ read, search, admin *limiter }

// newLimiters makes the limits with their metrics.
func newLimiters(limits RateLimits, registry *prometheus.Registry) limiters {
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "lectern_http_requests_limited_total", Help: "Requests that were refused since their client made too many, by limit.",
	}, []string{"limit"})
	registry.MustRegister(refused)
	limit := func(policy string, perMinute int) *limiter {
		if perMinute == 0 {
			return nil
		}
		l := newLimiter(policy, perMinute, refused.WithLabelValues(policy))
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "lectern_http_limited_clients", Help: "Clients that are remembered for a limit.", ConstLabels: prometheus.Labels{"limit": policy},
		}, func() float64 { return float64(l.clients.EstimatedSize()) }))
		return l
	}
	return limiters{read: limit("read", limits.Read), search: limit("search", limits.Search), admin: limit("admin", limits.Admin)}
}

// limiter bounds the requests of each client: as many as a minute has at once, and then as they come back over the minute.
type limiter struct {
	perMinute int
	name      string // of the limit, as it stands in header fields
	policy    field
	clients   *otter.Cache[requester, *rate.Limiter]
	refused   prometheus.Counter
	now       func() time.Time
}

// requester is whose requests are counted together: a token, a user with a session, or an address.
type requester struct {
	caller models.ID
	addr   netip.Addr
}

func newLimiter(policy string, perMinute int, refused prometheus.Counter) *limiter {
	name := strconv.Quote(policy)
	return &limiter{
		perMinute: perMinute, name: name, refused: refused, now: time.Now,
		policy:  newField(headerRateLimitPolicy, fmt.Sprintf("%s;q=%d;w=%d", name, perMinute, int(rateWindow.Seconds()))),
		clients: otter.Must(&otter.Options[requester, *rate.Limiter]{MaximumSize: maxClients}),
	}
}

// take counts a request of a client, says so in the header, and fails with TooMany when there were too many.
func (l *limiter) take(ctx *fasthttp.RequestCtx, from requester) error {
	bucket, ok := l.clients.GetIfPresent(from)
	if !ok {
		bucket, _ = l.clients.ComputeIfAbsent(from, func() (*rate.Limiter, bool) {
			return rate.NewLimiter(rate.Limit(float64(l.perMinute)/rateWindow.Seconds()), l.perMinute), false
		})
	}
	now := l.now()
	granted := bucket.AllowN(now, 1)
	left := bucket.TokensAt(now)
	after := l.untilNext(left)
	l.tell(ctx, left, after)
	if granted {
		return nil
	}
	l.refused.Inc()
	return models.TooMany(fmt.Sprintf("too many requests: %d a minute are allowed", l.perMinute), after)
}

// untilNext is how long it takes until one more request than now is allowed, none when no more are to come.
func (l *limiter) untilNext(left float64) time.Duration {
	if left >= float64(l.perMinute) {
		return 0
	}
	return max(1, time.Duration((math.Floor(left)+1-left)/float64(l.perMinute)*float64(rateWindow)))
}

// tell sets the header fields. A request that two limits count has both in each field.
func (l *limiter) tell(ctx *fasthttp.RequestCtx, left float64, after time.Duration) {
	var buffer [len(`"search";r=1000000;t=60`)]byte
	state := append(buffer[:0], l.name...)
	state = append(state, ";r="...)
	state = strconv.AppendInt(state, int64(max(0, left)), 10)
	state = append(state, ";t="...)
	state = strconv.AppendInt(state, int64(math.Ceil(after.Seconds())), 10)
	h := &ctx.Response.Header
	if len(h.PeekBytes(rateLimitName)) > 0 {
		h.AddBytesKV(rateLimitName, state)
		h.AddBytesKV(l.policy.name, l.policy.value)
		return
	}
	h.SetCanonical(rateLimitName, state)
	set(ctx, l.policy)
}

// clientOf is whose request it is.
func (s *Server) clientOf(c *fiber.Ctx) requester {
	if caller, ok := c.Locals(localCaller).(*accounts.Caller); ok {
		if caller.Token != "" {
			return requester{caller: caller.Token}
		}
		return requester{caller: caller.ID}
	}
	return s.addressOf(c.Context())
}

// addressOf is whose request it is when nothing but its address is known.
func (s *Server) addressOf(ctx *fasthttp.RequestCtx) requester {
	return requester{addr: clientNetwork(s.clientAddr(ctx))}
}

// clientNetwork is what counts as one client of an address: all of an IPv4 address, and the network of an IPv6 one.
func clientNetwork(ip netip.Addr) netip.Addr {
	if ip.Is4() {
		return ip
	}
	network, err := ip.WithZone("").Prefix(clientBits)
	if err != nil { // no address: requests from nowhere are one client
		return netip.Addr{}
	}
	return network.Addr()
}

// limitReads counts a request for content.
func (s *Server) limitReads(c *fiber.Ctx) error {
	if s.limits.read == nil || previewBase(c) != "" { // which was counted before its token was looked up
		return c.Next()
	}
	if err := s.limits.read.take(c.Context(), s.clientOf(c)); err != nil {
		return err
	}
	return c.Next()
}

// limitSearches counts a request that the search engine has to answer.
func (s *Server) limitSearches(answer fiber.Handler) fiber.Handler {
	if s.limits.search == nil {
		return answer
	}
	return func(c *fiber.Ctx) error {
		if err := s.limits.search.take(c.Context(), s.clientOf(c)); err != nil {
			return err
		}
		return answer(c)
	}
}

// limitChanges counts a request of the admin API, unless it only reads.
func (s *Server) limitChanges(c *fiber.Ctx) error {
	if s.limits.admin == nil || isSafe(c) {
		return c.Next()
	}
	if err := s.limits.admin.take(c.Context(), s.clientOf(c)); err != nil {
		return err
	}
	return c.Next()
}

// stranger counts a request by its address that brings no good session or token, and gives why it is refused.
func (s *Server) stranger(c *fiber.Ctx, l *limiter, refusal error) error {
	if e, ok := errors.AsType[*models.Error](refusal); l == nil || !ok || e.Kind != models.KindUnauthenticated {
		return refusal
	}
	if err := l.take(c.Context(), s.addressOf(c.Context())); err != nil {
		return err
	}
	return refusal
}
