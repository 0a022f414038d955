// HTML as text that knows that it is HTML: html`<p>${text}</p>` escapes every value that was not made by html`…`.

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const write = (value) => {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(write).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (c) => entities[c]);
};

export const html = (strings, ...values) =>
  new Html(strings.reduce((out, string, i) => out + write(values[i - 1]) + string));

/** HTML that somebody else has made safe. */
export const safe = (text) => new Html(text);

/** A value with something around it, or nothing where there is no value. */
export const when = (value, make) => (value ? make(value) : '');
