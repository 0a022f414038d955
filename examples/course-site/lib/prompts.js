// Prompts as form fields: a small function for each kind. Answers stay in the reader's browser: the form is sent nowhere.
import { html, when } from './html.js';
import { inline, plain } from './inline.js';
import { rating, grid, matching } from './prompttables.js';

export const kinds = {
  question: (p, ctx) => field(p, ctx, (attrs) => html`<textarea${attrs} rows="4"></textarea>`),
  sentence_start: (p, ctx) => field(p, ctx, (attrs) => html`<textarea${attrs} rows="2"></textarea>`),
  field: (p, ctx) => field(p, ctx, (attrs) => html`<input${attrs} type="text">`),
  step,
  blank,
  drawing: (p, ctx) => field(p, ctx, (attrs) => html`<div class="drawing" aria-hidden="true"></div>
<textarea${attrs} rows="2" placeholder="Draw on the printed page, or say in words what you would draw"></textarea>`),
  free_space: (p, ctx) => field(p, ctx, (attrs) => html`<textarea${attrs} rows="${lines(p)}"></textarea>`),
  group,
  choice_one: (p, ctx) => choice(p, ctx, 'radio'),
  choice_many: (p, ctx) => choice(p, ctx, 'checkbox'),
  rating,
  grid,
  matching,
};

/** The HTML of prompts. Kinds that are newer than this site are passed over. */
export const prompts = (list, ctx) => list.map((p) => kinds[p.kind]?.(p, ctx) ?? '');

/** The text of a prompt. "Required" is said and not enforced, since nothing is sent. */
export const text = (p, ctx) => html`${inline(p.text, ctx)}${when(p.required, () => html` <span class="required">(needs an answer)</span>`)}`;

export const help = (p, ctx) => when(p.help, (words) => html`<p class="help" id="${p.id}-help">${inline(words, ctx)}</p>`);
export const hint = (p) => when(p.help, () => html` aria-describedby="${p.id}-help"`);

/** A group of fields with one question. */
export function fieldset(p, ctx, content) {
  return html`<fieldset class="prompt ${p.kind}"${hint(p)}>
${when(p.text, () => html`<legend>${text(p, ctx)}</legend>`)}${help(p, ctx)}
${content}</fieldset>\n`;
}

function field(p, ctx, control) {
  const attrs = html` id="${p.id}"${hint(p)}${when(!p.text, () => html` aria-label="Your answer"`)}`;
  return html`<div class="prompt ${p.kind}">${when(p.text, () => html`<label for="${p.id}">${text(p, ctx)}</label>`)}${help(p, ctx)}
${control(attrs)}</div>\n`;
}

function step(p, ctx) {
  const box = html`<input type="checkbox"${hint(p)}>`;
  return html`<div class="prompt step"><label>${box} <span>${text(p, ctx)}</span></label>${help(p, ctx)}</div>\n`;
}

// Room is measured in lines or in CSS pixels.
const lines = (p) => p.lines ?? Math.max(3, Math.round((p.height ?? 140) / 28));

function group(p, ctx) {
  const [legend, lead] = p.text ? [text(p, ctx), p.lead_in] : [inline(p.lead_in, ctx), ''];
  return html`<fieldset class="prompt group"${hint(p)}>
${when(String(legend), () => html`<legend>${legend}</legend>`)}${when(lead, () => html`<p>${inline(lead, ctx)}</p>`)}${help(p, ctx)}
${prompts(p.prompts, ctx)}</fieldset>\n`;
}

function choice(p, ctx, type) {
  const box = html`<input type="${type}" name="${p.id}">`;
  return fieldset(p, ctx, p.options.map((o) => html`<label class="option">${box} <span>${inline(o, ctx)}</span></label>\n`));
}

// A text with gaps: a run of underscores is one. A text without any gets a line below it.
function blank(p, ctx) {
  const parts = p.text.split(/_{2,}/);
  if (parts.length === 1) return field(p, ctx, (attrs) => html`<input${attrs} type="text">`);
  const gap = (i) => html`<input type="text" aria-label="Gap ${i} of ${parts.length - 1}">`;
  const filled = parts.map((part, i) => html`${when(i, gap)}${inline(part, ctx)}`);
  return html`<div class="prompt blank" role="group" aria-label="${plain(parts.join('…'))}"${hint(p)}><p>${filled}</p>${help(p, ctx)}</div>\n`;
}
