// Inline Markdown, the texts of blocks and prompts: CommonMark without paragraphs, and two things of Lectern's own,
// [^label] for a citation and lectern:<type>/<id> for a link to another record.
import MarkdownIt from 'markdown-it';
import { safe } from './html.js';
import { file } from './files.js';

const md = new MarkdownIt({ html: true, linkify: true }); // references often end with a bare address
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

// Tags that may stand in a text, without attributes; any other is shown as it was typed.
const tags = /^<\/?(abbr|bdi|br|cite|dfn|ins|kbd|mark|q|samp|small|sub|sup|time|u|var|wbr)\s*\/?>$/i;

md.renderer.rules.html_inline = (tokens, i) => {
  const tag = tokens[i].content;
  return tags.test(tag) ? tag : md.utils.escapeHtml(tag);
};

md.inline.ruler.before('link', 'note_mark', (state, silent) => {
  const [mark, label] = /^\[\^([^\]\s]+)\]/.exec(state.src.slice(state.pos, state.posMax)) ?? [];
  const notes = state.env.ctx?.notes;
  if (!mark || !notes?.has(label)) return false; // not a citation: the text stays as it is
  if (!silent) state.push('note_mark', '', 0).meta = label;
  state.pos += mark.length;
  return true;
});

md.renderer.rules.note_mark = (tokens, i, options, { ctx }) => String(ctx.notes.mark(tokens[i].meta));

// A link without an address of its own on this site keeps its text and loses the link: `a` without href is right HTML.
md.renderer.rules.link_open = (tokens, i, options, { ctx }) => {
  const href = address(tokens[i].attrGet('href'), ctx);
  return href ? `<a href="${md.utils.escapeHtml(href)}">` : '<a>';
};

md.renderer.rules.image = (tokens, i, options, env, self) => {
  const src = address(tokens[i].attrGet('src'), env.ctx);
  const alt = md.utils.escapeHtml(self.renderInlineAsText(tokens[i].children, options, env));
  return src ? `<img src="${md.utils.escapeHtml(src)}" alt="${alt}" loading="lazy">` : alt;
};

/**
 * The address on this site for one in a text, or '' when it leads nowhere. A relative address meant something on the
 * site from which a text was imported, and nothing here.
 */
export function address(written, ctx) {
  const [, kind, id, fragment = ''] = /^lectern:(\w+)\/([0-9a-f-]+)(?:\?[^#]*)?(#.*)?$/.exec(written) ?? [];
  if (kind === 'asset') return file(ctx.records.assets.get(id)) ?? '';
  if (kind) return ctx.records.paths[id] ? ctx.records.paths[id] + fragment : '';
  return /^(https?:|mailto:|tel:|#)/i.test(written) ? written : '';
}

/** The HTML of a text. */
export const inline = (text, ctx) => safe(md.renderInline(text, { ctx }));

/** A text without markup, for titles and labels. */
export function plain(text) {
  return words(md.parseInline(text.replace(/\[\^[^\]\s]+\]/g, ''), {}));
}

const words = (tokens) => tokens.map(word).join('');

function word({ type, content, children }) {
  if (children) return words(children);
  if (type.endsWith('break')) return ' ';
  return type === 'text' || type === 'code_inline' ? content : '';
}
