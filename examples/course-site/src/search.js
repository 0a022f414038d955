// Asks Lectern's search from the browser. The page is an ordinary form with GET, so that a search has an address.
const api = document.querySelector('meta[name=lectern-api]').content;
const status = document.querySelector('#status');
const results = document.querySelector('#results');
const more = document.querySelector('#more');

status.textContent = ''; // it said that the search needs JavaScript

const query = new URLSearchParams(location.search).get('q')?.trim() ?? '';

// The site's own list of pages leads from the ids of hits to addresses here. What was published after this site was
// built is not in it, and not shown.
const paths = query && fetch('/paths.json').then((answer) => answer.json());

if (query) {
  document.querySelector('#q').value = query;
  document.title = `${query} · ${document.title}`;
  search(`/v1/search?${new URLSearchParams({ q: query, type: 'section,module,worksheet', limit: 10 })}`);
}

async function search(path) {
  status.textContent = 'Searching …';
  try {
    const { data, links, meta } = await read(api + path);
    const known = await paths;
    results.append(...data.filter((hit) => known[hit.id]).map((hit) => item(hit, known)));
    status.textContent = meta.total === 1 ? '1 page found' : `${meta.total} pages found`;
    more.hidden = !links.next;
    more.onclick = (event) => {
      event.preventDefault();
      search(links.next);
    };
  } catch (err) {
    status.textContent = `The search does not answer. ${err.message}`;
  }
}

async function read(address) {
  const answer = await fetch(address);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.errors[0]?.detail ?? body.title);
  return body;
}

function item(hit, known) {
  const li = document.createElement('li');
  const link = Object.assign(document.createElement('a'), { href: known[hit.id] });
  if (hit.block_id) link.hash = `block-${hit.block_id}`; // the passage, not the top of the page
  link.append(marked(hit.title_html));
  const heading = document.createElement('h2');
  heading.append(link);
  const way = Object.assign(document.createElement('p'), { className: 'facts' });
  way.textContent = hit.breadcrumbs.map(({ title }) => title).join(' › ');
  const snippet = document.createElement('p');
  snippet.append(marked(hit.snippet));
  li.append(heading, way, snippet);
  return li;
}

// title_html and snippet hold text and <mark> only. This takes them at no more than their word.
function marked(text) {
  const fragment = new DocumentFragment();
  for (const node of new DOMParser().parseFromString(text, 'text/html').body.childNodes) {
    const mark = node.nodeName === 'MARK' ? document.createElement('mark') : null;
    mark?.append(node.textContent);
    fragment.append(mark ?? node.textContent);
  }
  return fragment;
}
