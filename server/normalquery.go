package server

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
)

// parameter is a query parameter in normal form.
type parameter struct{ name, value string }

// normalQuery gives the parameters of a request in normal form: by name, each written in one way. Requests that ask the
// same have the same, whatever the order of their parameters. It is good until the request is answered.
func normalQuery(c *fiber.Ctx) string {
	raw := c.Request().URI().QueryString()
	if isNormal(raw) {
		return utils.UnsafeString(raw)
	}
	var parameters []parameter
	c.Context().QueryArgs().VisitAll(func(name, value []byte) {
		parameters = append(parameters, parameter{escape(string(name)), escape(string(value))})
	})
	return joined(parameters)
}

// queryWith is the normal form of a request's parameters with one more, and without some.
func queryWith(c *fiber.Ctx, name, value string, without ...string) string {
	parameters := []parameter{{escape(name), escape(value)}}
	c.Context().QueryArgs().VisitAll(func(name, value []byte) {
		if !slices.Contains(without, string(name)) {
			parameters = append(parameters, parameter{escape(string(name)), escape(string(value))})
		}
	})
	return joined(parameters)
}

func joined(parameters []parameter) string {
	slices.SortStableFunc(parameters, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
	var out strings.Builder
	for i, p := range parameters {
		if i > 0 {
			out.WriteByte('&')
		}
		out.WriteString(p.name)
		out.WriteByte('=')
		out.WriteString(p.value)
	}
	return out.String()
}

// isNormal tells whether parameters are in normal form already, as most are.
func isNormal(raw []byte) bool {
	last, inName, start := "", true, 0
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case b == '=' && inName:
			name := utils.UnsafeString(raw[start:i])
			if name < last {
				return false
			}
			last, inName = name, false
		case b == '&' && !inName:
			inName, start = true, i+1
		case b == '%' && isEscape(raw[i:]):
			i += len("%5B") - 1
		case b != '+' && !isPlain[b]:
			return false
		}
	}
	return !inName || len(raw) == 0
}

// isEscape tells whether an escape at the beginning of raw is one that escape would write.
func isEscape(raw []byte) bool {
	if len(raw) < len("%5B") {
		return false
	}
	high, low := strings.IndexByte(hexDigits, raw[1]), strings.IndexByte(hexDigits, raw[2])
	return high >= 0 && low >= 0 && !isPlain[high<<4|low] && high<<4|low != ' '
}

const hexDigits = "0123456789ABCDEF"

// isPlain are the bytes that stand for themselves in a query: those that RFC 3986, 3.4 allows, but for = & and +, which
// mean something in a list of parameters.
var isPlain = func() (plain [256]bool) {
	for _, b := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*,:;@/?") {
		plain[b] = true
	}
	return plain
}()

func escape(text string) string {
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		switch b := text[i]; {
		case isPlain[b]:
			out = append(out, b)
		case b == ' ':
			out = append(out, '+')
		default:
			out = append(out, '%', hexDigits[b>>4], hexDigits[b&0xf])
		}
	}
	return string(out)
}
