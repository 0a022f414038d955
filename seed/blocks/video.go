package blocks

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

var clockTime = regexp.MustCompile(`(?i)^(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?: ?(?:min(?:ute)?s?\.?|h(?:ou)?rs?\.?))?$`)

// seconds reads a running time such as "2:54" or "1:02:03".
func seconds(s string) (*int, bool) {
	m := clockTime.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return nil, false
	}
	n := atoi(m[1])*3600 + atoi(m[2])*60 + atoi(m[3])
	return &n, true
}

// frame converts a frame: a video of a known host, or something else that is embedded.
func (f *flow) frame(n *html.Node) {
	src := source(n)
	if src == "" {
		f.problem(n, "a frame has no address and was left out")
		return
	}
	f.fallback(n)
	title := kramdown.Attr(n, "title")
	host, known := provider(src)
	if !known && n.Data != "video" {
		e := &models.Embed{URL: src, Title: title, Provider: host}
		if h, err := strconv.Atoi(strings.TrimSuffix(kramdown.Attr(n, "height"), "px")); err == nil && h >= 0 {
			e.Height = &h
		}
		f.add(e)
		return
	}
	v := &models.Video{URL: src, Provider: host, VideoID: videoID(host, src), Title: title}
	v.Start, v.End = clip(src)
	f.add(v)
	f.factsAfter(n, v)
}

// fallback reports the text in a frame, which is for browsers that can't show the frame.
func (c *converter) fallback(n *html.Node) {
	if w := words(n); w != "" {
		c.problem(n, fmt.Sprintf("the text in a <%s> was left out: %q", n.Data, w))
	}
}

// factsAfter reads the running time that stands below a video, with a remark after a bar.
func (f *flow) factsAfter(n *html.Node, v *models.Video) {
	at := n
	for !isElement(at.Parent, "body", "div", "td", "li", "section") {
		at = at.Parent // a frame alone in a paragraph
	}
	next := nextSolid(at)
	for next == nil && isElement(at.Parent, "div") && !isBox(at.Parent) && previousSolid(at) == nil {
		at = at.Parent // or alone in a wrapper
		next = nextSolid(at)
	}
	if next == nil || !hasClass(next, "videotime") || contains(next, "iframe", "table", "ul") {
		return
	}
	before, after := cutAtBar(f.inline(children(next)))
	d, ok := seconds(inline.Words(before))
	if _, _, other := videoBelow(next); !ok || isElement(next, "p") && other != nil { // it is the time of the next video
		return
	}
	v.Duration, v.Caption = d, inline.Write(after)
	f.used[next] = true
}

// cutAtBar divides nodes at the first "|".
func cutAtBar(nodes []inline.Node) (before, after []inline.Node) {
	for i, n := range nodes {
		if n.Kind != inline.Text {
			continue
		}
		if left, right, ok := strings.Cut(n.Value, "|"); ok {
			before = append(append(before, nodes[:i]...), inline.Node{Kind: inline.Text, Value: left})
			return before, append([]inline.Node{{Kind: inline.Text, Value: right}}, nodes[i+1:]...)
		}
	}
	return nodes, nil
}

// videoBelow finds the video that paragraphs with its running time and credit stand above; nil when there is none.
func videoBelow(n *html.Node) (time, credit, video *html.Node) {
	if !hasClass(n, "videotime") && !hasClass(n, "source") {
		return nil, nil, nil
	}
	at := n
facts:
	for ; at != nil && isElement(at, "p"); at = nextSolid(at) {
		switch {
		case hasClass(at, "videotime") && time == nil:
			time = at
		case hasClass(at, "source") && credit == nil:
			credit = at
		case contains(at, "iframe", "video"): // Markdown makes a paragraph of a frame on a line of its own
			break facts
		default:
			return nil, nil, nil
		}
	}
	if at == nil || !isElement(at, "div", "iframe", "p", "center") || !contains(at, "iframe", "video") || words(at) != "" {
		return nil, nil, nil
	}
	return time, credit, at
}

// videoFacts reads the running time and the credit that stand above a video, with the video. It is false for any
// other paragraph.
func (f *flow) videoFacts(n *html.Node) bool {
	time, credit, at := videoBelow(n)
	if at == nil {
		return false
	}
	blocks := f.flow([]*html.Node{at})
	v, ok := first(blocks).(*models.Video)
	if ok && time != nil {
		v.Duration, ok = seconds(words(time))
	}
	f.used[at] = true
	if !ok { // its parts stay, in order, as what they are
		for _, p := range []*html.Node{time, credit} {
			if p != nil {
				f.used[p] = true
				f.add(f.flow(children(p))...)
			}
		}
		f.add(blocks...)
		return true
	}
	if time != nil {
		f.used[time] = true
	}
	if credit != nil {
		f.used[credit] = true
		v.Credit = f.text(credit)
	}
	f.add(blocks...)
	return true
}

// videoHosts are the hosts of videos, by the ends of their names.
var videoHosts = []struct{ host, provider string }{
	{"youtube.com", "youtube"}, {"youtube-nocookie.com", "youtube"}, {"youtu.be", "youtube"}, {"vimeo.com", "vimeo"},
	{"ted.com", "ted"}, {"dailymotion.com", "dailymotion"}, {"wistia.com", "wistia"}, {"wistia.net", "wistia"},
	{"kaltura.com", "kaltura"}, {"loom.com", "loom"},
}

// provider names who serves an address, and tells whether that is a known host of videos.
func provider(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	for _, v := range videoHosts {
		if host == v.host || strings.HasSuffix(host, "."+v.host) {
			return v.provider, true
		}
	}
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return "", false
	}
	return labels[len(labels)-2], false
}

// videoID is what a provider calls a video.
func videoID(provider, address string) string {
	u, err := url.Parse(address)
	if err != nil || provider == "" {
		return ""
	}
	if v := u.Query().Get("v"); v != "" {
		return v
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	id := path[len(path)-1]
	if id == "videoseries" {
		return u.Query().Get("list")
	}
	return id
}

// clip reads the bounds of a clip from the query of an address: start=432&end=612, t=253s.
func clip(address string) (start, end *int) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, nil
	}
	q := u.Query()
	start = offset(q.Get("start"))
	if start == nil {
		start = offset(q.Get("t"))
	}
	return start, offset(q.Get("end"))
}

var hms = regexp.MustCompile(`^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$`)

// offset reads seconds: "253", "253s", "4m13s".
func offset(s string) *int {
	m := hms.FindStringSubmatch(s)
	if m == nil || s == "" {
		return nil
	}
	n := atoi(m[1])*3600 + atoi(m[2])*60 + atoi(m[3])
	return &n
}
