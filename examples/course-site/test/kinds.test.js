// Every kind of block and prompt that the contract names has a function here, and the contract's own examples pass
// through them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { kinds as blockKinds, blocks } from '../lib/blocks.js';
import { Notes } from '../lib/notes.js';
import { kinds as promptKinds, prompts } from '../lib/prompts.js';
import { address, inline, plain } from '../lib/inline.js';
import { html } from '../lib/html.js';

const contract = await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8');

/** The keys of the mapping in the discriminator of a schema. */
function mapping(schema) {
  const [, text] = contract.split(`\n    ${schema}:\n`);
  const [, lines] = /mapping:\n((?: {10}\w+: .*\n)+)/.exec(text);
  return lines.trim().split('\n').map((line) => line.trim().split(':')[0]);
}

const id = '01a1ff29-fdd9-7be2-bd30-52afe46f251b';
const records = { paths: { [id]: '/a/b/c/' }, assets: new Map(), sources: new Map(), fragments: new Map() };
const citation = { label: '*', written: 'Wright, O. *Flight*.', locator: null, source: null };
const context = (numbering = 'as_written') => {
  const course = { numbering };
  return { records, course, level: 1, notes: new Notes([citation], numbering) };
};
const render = (text) => inline(text, context()).toString();

test('there is a function for each kind of block', () => assert.deepEqual(Object.keys(blockKinds).sort(), mapping('Block').sort()));
test('there is a function for each kind of prompt', () => assert.deepEqual(Object.keys(promptKinds).sort(), mapping('Prompt').sort()));

test('unknown kinds are passed over', () => {
  assert.equal(blocks([{ kind: 'hologram' }], context()).join(''), '');
  assert.equal(prompts([{ kind: 'dance' }], context()).join(''), '');
});

test('texts are inline Markdown', () => {
  const table = [
    ['a *b* **c** `d`', 'a <em>b</em> <strong>c</strong> <code>d</code>'],
    ['H<sub>2</sub>O', 'H<sub>2</sub>O'],
    ['<script>x</script>', '&lt;script&gt;x&lt;/script&gt;'],
    ['<b onclick="x">', '&lt;b onclick=&quot;x&quot;&gt;'],
    [`[here](lectern:section/${id}?as=c.html#why)`, '<a href="/a/b/c/#why">here</a>'],
    ['[gone](lectern:section/01a1ff29-0000-7be2-bd30-52afe46f251b)', '<a>gone</a>'],
    ['[old](../page.html)', '<a>old</a>'],
    ['[bad](javascript:alert(1))', '[bad](javascript:alert(1))'],
    ['so[^1] it is', 'so[^1] it is'],
  ];
  for (const [text, want] of table) assert.equal(render(text), want);
  assert.match(render('so[^*] it is'), /^so<sup class="mark"><a href="#note-1" id="mark-1-1".*>\*<\/a><\/sup> it is$/);
});

test('plain text has neither marks nor markup', () => assert.equal(plain('The *first* `step`[^1] [there](https://x.example)'), 'The first step there'));

test('an address leads on only by a scheme that is known', () => {
  for (const good of ['https://a.example/', 'mailto:a@b.example', '#why']) assert.equal(address(good, context()), good);
  for (const bad of ['javascript:x', 'data:text/html,x', '../a', '//a.example', '']) assert.equal(address(bad, context()), '');
});

test('values in HTML are escaped', () => assert.equal(`${html`<p title="${'"'}">${'<b>'}${['&', html`<i>`]}</p>`}`, '<p title="&quot;">&lt;b&gt;&amp;<i></p>'));

test('a fragment within itself ends there', () => {
  const ctx = context();
  const use = { id: 'b1', kind: 'fragment', fragment: { id } };
  ctx.records = { ...records, fragments: new Map([[id, { id, blocks: [{ id: 'b1', kind: 'paragraph', text: 'once' }, use] }]]) };
  assert.equal(blocks([use], ctx).join('').match(/once/g).length, 1);
});
