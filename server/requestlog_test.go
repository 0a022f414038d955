package server

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The lines of requests say what slog would say, and can be read by whoever reads slog's. Of requests that take longer than a
// quarter of an hour slog writes the time with an exponent.
func TestLinesOfRequestsAreThoseOfSlog(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`(/[a-z0-9]{1,9}){1,4}`), rapid.SampledFrom([]string{"", "a b", `a"b`, "a=b", "a\\b", "a\nb", "\xff", "é", "<&>"}))
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", -(3*60+30)*60), time.FixedZone("", 2*60*60)}).Draw(rt, "zone")
		line := RequestLine{
			At:     time.Unix(rapid.Int64Range(0, 1<<33).Draw(rt, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(rt, "nanoseconds")).In(zone),
			Method: "GET",
			Path:   texts.Draw(rt, "path"), Status: rapid.IntRange(100, 599).Draw(rt, "status"), Bytes: rapid.IntRange(0, 1<<30).Draw(rt, "bytes"),
			Took: time.Duration(rapid.Int64Range(0, int64(1000*time.Second)-1).Draw(rt, "took")), ID: texts.Draw(rt, "id"),
			IP: rapid.SampledFrom([]netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}).Draw(rt, "ip"),
		}
		for _, inJSON := range []bool{false, true} {
			var own, slogs bytes.Buffer
			write := RequestLog(&own, inJSON)
			write(line)
			own.Reset()
			write(line) // whose second is known by then
			record := slog.NewRecord(line.At, slog.LevelInfo, requestMessage, 0)
			record.AddAttrs(line.attrs()...)
			var handler slog.Handler = slog.NewTextHandler(&slogs, nil)
			if inJSON {
				handler = slog.NewJSONHandler(&slogs, nil)
			}
			if err := handler.Handle(context.Background(), record); err != nil {
				rt.Fatal(err)
			}
			if !inJSON {
				if diff := cmp.Diff(slogs.String(), own.String()); diff != "" {
					rt.Fatalf("slog -, own +\n%s", diff)
				}
				continue
			}
			var want, got map[string]any
			if err := json.Unmarshal(slogs.Bytes(), &want); err != nil {
				rt.Fatal(err)
			}
			if err := json.Unmarshal(own.Bytes(), &got); err != nil || strings.Count(own.String(), "\n") != 1 {
				rt.Fatalf("%v: %q", err, own.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("slog -, own +\n%s", diff)
			}
		}
	})
}
