package render

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

func TestSanitise(t *testing.T) {
	for name, tt := range map[string]struct{ html, want string }{
		"sound markup":            {`<p class="x">a <b>b</b></p>`, "<p>a <b>b</b></p>"},
		"a script":                {"a<script>b</script>c", "ac"},
		"a style":                 {`<style>a</style><p style="b">c</p>`, "<p>c</p>"},
		"a handler":               {`<b onclick="a">b</b>`, "<b>b</b>"},
		"a frame":                 {`<iframe src="http://a">b</iframe>c`, "c"},
		"a form":                  {`<form action="a"><input>b</form>`, "b"},
		"a comment":               {"a<!-- b -->c", "ac"},
		"a placeholder":           {"<!--lectern:worksheet/" + string(idA) + "-->", ""},
		"a link that runs":        {`<a href="javascript:a">b</a>`, "b"},
		"a link to a record":      {`<a href="lectern:section/` + string(idA) + `">b</a>`, "b"},
		"a sound link":            {`<a href="http://a">b</a>`, `<a href="http://a" rel="nofollow">b</a>`},
		"what is left open":       {"<div><b>a", "<div><b>a</b></div>"},
		"what was never opened":   {"a</section></div>", "a"},
		"tags across each other":  {"<b><i>a</b>b</i>", "<b><i>a</i></b><i>b</i>"},
		"disclosures and figures": {"<details><summary>a</summary>b</details><figure>c</figure>", "<details><summary>a</summary>b</details><figure>c</figure>"},
		"nesting beyond reason":   {strings.Repeat("<div>", 600) + "<b>a</b> &lt;", "a &lt;"},
	} {
		t.Run(name, func(t *testing.T) { same(t, "Sanitise", Sanitise(tt.html), tt.want) })
	}
}

func TestClock(t *testing.T) {
	for seconds, want := range map[int]string{0: "0:00", 9: "0:09", 174: "2:54", 3599: "59:59", 3600: "1:00:00", 3723: "1:02:03", 360000: "100:00:00"} {
		same(t, "Clock", Clock(seconds), want)
	}
}

func TestPlayerURL(t *testing.T) {
	ten, twenty := 10, 20
	for name, tt := range map[string]struct {
		video models.Video
		want  string
	}{
		"a player already":      {models.Video{URL: "https://www.youtube.com/embed/a?rel=0", Provider: "youtube", VideoID: "a", Start: &ten}, "https://www.youtube.com/embed/a?rel=0"},
		"youtube":               {models.Video{URL: "https://youtu.be/a", Provider: "youtube", VideoID: "a"}, "https://www.youtube.com/embed/a"},
		"youtube with bounds":   {models.Video{URL: "https://youtu.be/a", Provider: "youtube", VideoID: "a", Start: &ten, End: &twenty}, "https://www.youtube.com/embed/a?end=20&start=10"},
		"an id that is a path":  {models.Video{URL: "x", Provider: "youtube", VideoID: `../a?b"`}, "https://www.youtube.com/embed/..%2Fa%3Fb%22"},
		"vimeo":                 {models.Video{URL: "https://vimeo.com/1", Provider: "vimeo", VideoID: "1"}, "https://player.vimeo.com/video/1"},
		"a provider not known":  {models.Video{URL: "https://ted.com/1", Provider: "ted", VideoID: "1"}, "https://ted.com/1"},
		"an id that is missing": {models.Video{URL: "https://youtu.be/", Provider: "youtube"}, "https://youtu.be/"},
	} {
		t.Run(name, func(t *testing.T) { same(t, "PlayerURL", PlayerURL(&tt.video), tt.want) })
	}
}
