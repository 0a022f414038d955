package render

import (
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/lectern-cms/lectern/models"
)

// sanitiser lets through what a page may safely show of markup that no block can hold. It is made once: making it
// costs more than using it.
var sanitiser = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowElements("figure", "figcaption", "details", "summary", "mark", "u", "small", "kbd", "center")
	return p
})

// Sanitise removes from HTML all that could run, load or style: scripts, frames, handlers, comments, style
// attributes, addresses with dangerous schemes.
// What is left is well-formed: it closes what it opens, and nothing else.
func Sanitise(s string) string {
	clean := sanitiser().Sanitize(s)
	nodes, err := nethtml.ParseFragment(strings.NewReader(clean), &nethtml.Node{
		Type: nethtml.ElementNode, Data: "body", DataAtom: atom.Body,
	})
	if err != nil { // nested beyond what a parser takes
		return html.EscapeString(htmlText(clean))
	}
	var b strings.Builder
	for _, n := range nodes {
		_ = nethtml.Render(&b, n) // fails only for elements that the sanitiser has removed
	}
	return b.String()
}

// media writes the blocks that show something from elsewhere.
func (p *page) media(b models.Block) {
	switch b := b.(type) {
	case *models.Image:
		p.image(b)
	case *models.Video:
		p.video(b)
	case *models.Embed:
		p.embed(b)
	case *models.Download:
		label := p.inlineIn(b.Label, true)
		if label == "" {
			label = html.EscapeString(b.URL)
		}
		p.element("p", ` class="download"`, "<a"+hrefAttr(downloadURL(b))+attr("type", b.MediaType)+" download>"+label+"</a>")
	}
}

func downloadURL(b *models.Download) string {
	if b.Asset != nil {
		return RecordLink{To: b.Asset.Key()}.String()
	}
	return b.URL
}

func (p *page) image(b *models.Image) {
	img := html.EscapeString(b.Alt)
	if src := imageSrc(b); src != "" {
		img = "<img" + src + ` alt="` + img + `" loading="lazy">`
	}
	if b.Link != "" {
		img = "<a" + hrefAttr(b.Link) + ">" + img + "</a>"
	}
	p.figure("image", img, p.inline(b.Caption))
}

// imageSrc is the src attribute of an image, nothing where it has no address that a page may load.
func imageSrc(b *models.Image) string {
	switch {
	case b.Asset != nil && b.Asset.ID.Valid():
		return attr("src", RecordLink{To: b.Asset.Key()}.String())
	case safeURL(b.URL, "http", "https"):
		return attr("src", b.URL)
	}
	return ""
}

func (p *page) video(b *models.Video) {
	var facts []string
	for _, fact := range []string{p.inline(b.Caption), p.inline(b.Credit)} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	if b.Duration != nil {
		facts = append(facts, fmt.Sprintf(`<time datetime="PT%dS">%s</time>`, *b.Duration, Clock(*b.Duration)))
	}
	title := b.Title
	if title == "" {
		title = "Video"
	}
	p.figure("video", frame(PlayerURL(b), title, nil), strings.Join(facts, " · "))
}

func (p *page) embed(b *models.Embed) {
	p.figure("embed", frame(b.URL, embedTitle(b), b.Height), "")
}

func embedTitle(b *models.Embed) string {
	switch {
	case b.Title != "":
		return b.Title
	case b.Provider != "":
		return "Embedded content from " + b.Provider
	}
	return "Embedded content"
}

func (p *page) figure(class, content, caption string) {
	p.out.WriteString("<figure" + attr("class", class) + ">" + content)
	if caption != "" {
		p.out.WriteString("\n<figcaption>" + caption + "</figcaption>\n")
	}
	p.out.WriteString("</figure>\n")
}

// frame is an iframe, or the address as text where it is none that a page may load.
func frame(src, title string, height *int) string {
	if !safeURL(src, "http", "https") {
		return html.EscapeString(src)
	}
	size := ""
	if height != nil {
		size = intAttr("height", *height)
	}
	return `<iframe src="` + html.EscapeString(src) + `"` + attr("title", title) + size +
		` loading="lazy" referrerpolicy="strict-origin-when-cross-origin" allowfullscreen></iframe>`
}

// PlayerURL is the address of the frame that plays a video: the video's own where it is one already.
func PlayerURL(b *models.Video) string {
	if strings.Contains(b.URL, "/embed/") || b.VideoID == "" {
		return b.URL
	}
	bounds := url.Values{}
	if b.Start != nil {
		bounds.Set("start", strconv.Itoa(*b.Start))
	}
	if b.End != nil {
		bounds.Set("end", strconv.Itoa(*b.End))
	}
	switch b.Provider {
	case "youtube":
		return withQuery("https://www.youtube.com/embed/"+url.PathEscape(b.VideoID), bounds)
	case "vimeo":
		return "https://player.vimeo.com/video/" + url.PathEscape(b.VideoID)
	}
	return b.URL
}

func withQuery(address string, v url.Values) string {
	if len(v) == 0 {
		return address
	}
	return address + "?" + v.Encode()
}

// Clock shows seconds as people write them: 2:54, 1:02:03.
func Clock(seconds int) string {
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}
