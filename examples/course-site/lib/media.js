// Pictures, films, frames and files.
import { html, when } from './html.js';
import { address, inline, plain } from './inline.js';
import { file } from './files.js';
import { duration, hostname, providerName, size } from './words.js';

const assetOf = (b, ctx) => (b.asset ? ctx.records.assets.get(b.asset.id) : undefined);
const caption = (text, ctx) => when(text, () => html`<figcaption>${inline(text, ctx)}</figcaption>`);

export function image(b, ctx, id) {
  const asset = assetOf(b, ctx);
  const src = file(asset) ?? address(b.url, ctx);
  if (!src) return '';
  const { width, height } = asset?.file ?? {}; // so that the text does not jump when the picture comes
  const box = when(width && height, () => html` width="${width}" height="${height}"`);
  const img = html`<img src="${src}" alt="${b.decorative ? '' : b.alt || asset?.alt}"${box} loading="lazy">`;
  const link = address(b.link, ctx);
  return html`<figure${id} class="image">${link ? html`<a href="${link}">${img}</a>` : img}
${caption(b.caption || asset?.caption || asset?.credit, ctx)}</figure>\n`;
}

// A film is a link: nothing is loaded from its provider before the reader goes there, and it works without JavaScript.
export function video(b, ctx, id) {
  const url = watch(b);
  const facts = [
    providerName(b.provider, b.url),
    b.duration && html`<time datetime="PT${b.duration}S">${duration(b.duration)}</time>`,
    part(b),
    b.credit && inline(b.credit, ctx),
  ].filter(Boolean);
  return html`<figure${id} class="video">
<p class="video-title"><a href="${url}">${b.title || plain(b.caption) || `Video at ${hostname(url)}`}</a></p>
<p class="facts">${facts.map((fact, i) => html`${i ? ' · ' : ''}${fact}`)}</p>
${caption(b.title && b.caption, ctx)}</figure>\n`;
}

function part({ start, end }) {
  if (!start && !end) return '';
  return end ? `watch ${duration(start ?? 0)} to ${duration(end)}` : `watch from ${duration(start)}`;
}

// Addresses of players are made for frames; people want the page of the film.
function watch({ provider, video_id: name, start, url }) {
  if (provider === 'youtube' && name) return `https://www.youtube.com/watch?v=${name}${start ? `&t=${start}s` : ''}`;
  if (provider === 'vimeo' && name) return `https://vimeo.com/${name}${start ? `#t=${start}s` : ''}`;
  return address(url, {}) || false;
}

export function embed(b, ctx, id) {
  return html`<p${id} class="embed"><a href="${address(b.url, ctx) || false}">${b.title || `Open at ${hostname(b.url)}`}</a>
<span class="facts">${providerName(b.provider, b.url)}</span></p>\n`;
}

export function download(b, ctx, id) {
  const asset = assetOf(b, ctx);
  const href = file(asset) ?? address(b.url, ctx);
  if (!href) return '';
  const type = (b.media_type || asset?.file.media_type || '').replace(/^.*\/|\+.*$/g, '').toUpperCase();
  const facts = [type, asset && size(asset.file.bytes)].filter(Boolean).join(', ');
  const label = b.label ? inline(b.label, ctx) : (asset?.file.name ?? hostname(b.url));
  const save = when(asset, () => html` download="${asset.file.name}"`);
  return html`<p${id} class="download"><a href="${href}"${save}>${label}</a>
${when(facts, () => html`<span class="facts">(${facts})</span>`)}</p>\n`;
}
