package cite

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	archived    = regexp.MustCompile(`^(?i:https?://)?web\.archive\.org/web/\d+[a-z_]*/`)
	indexPage   = regexp.MustCompile(`/(?:index|default)\.(?:html?|php|aspx?)$`)
	tracking    = regexp.MustCompile(`^(?:utm_.*|_hs(?:enc|mi)|mc_[ce]id|(?:fb|g|d)clid|msclkid|yclid|igshid|ref_(?:src|url)|_ga|spm)$`)
	filmSetting = []string{"t", "start", "end", "time_continue", "feature", "si", "list", "index", "ab_channel", "rel", "autoplay", "pp", "app"}
	youTubePath = regexp.MustCompile(`^/(?:embed|v|shorts|live)/([\w-]+)$`)
	vimeoPath   = regexp.MustCompile(`^/video/(\d+)$`)
)

// normalURL gives an address without what makes no difference to the work: scheme, "www.", the case of the host, the
// usual port, a trailing slash, the fragment, tracking parameters and the order of the others. Of a film only the film
// itself counts, not the part of it; of an archived copy the original. The result is empty for what is no address of
// the web. Front tells whether it is only the front page of a site.
func normalURL(address string) (normal string, front bool) {
	address = strings.TrimSpace(address)
	if at := archived.FindStringIndex(address); at != nil && at[1] < len(address) {
		address = address[at[1]:]
	}
	if strings.HasPrefix(strings.ToLower(address), "www.") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || doiOfURL(address) != "" {
		return "", false
	}
	host := strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path := strings.TrimRight(indexPage.ReplaceAllString(u.EscapedPath(), ""), "/")
	query := u.Query()
	isFilm := isVideoURL(address)
	for name := range query {
		if tracking.MatchString(name) || isFilm && slices.Contains(filmSetting, name) {
			query.Del(name)
		}
	}
	if isFilm {
		host, path = film(host, path, query)
	}
	normal = host + path
	if rest := query.Encode(); rest != "" {
		normal += "?" + rest
	}
	if route := u.EscapedFragment(); strings.HasPrefix(route, "!") || strings.HasPrefix(route, "/") {
		return normal + "#" + route, false // a page of a site that is one program
	}
	return normal, path == "" && len(query) == 0
}

// film gives the different addresses of a film one form. It takes what it puts into the path out of the query.
func film(host, path string, query url.Values) (string, string) {
	host = strings.TrimPrefix(host, "m.")
	switch host {
	case "youtu.be":
		return "youtube.com", path
	case "youtube.com", "youtube-nocookie.com":
		if m := youTubePath.FindStringSubmatch(path); m != nil {
			return "youtube.com", "/" + m[1]
		}
		if id := query.Get("v"); path == "/watch" && id != "" {
			query.Del("v")
			return "youtube.com", "/" + id
		}
	case "player.vimeo.com":
		if m := vimeoPath.FindStringSubmatch(path); m != nil {
			return "vimeo.com", "/" + m[1]
		}
	}
	return host, path
}
