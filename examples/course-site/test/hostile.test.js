// No text that an editor can write runs as a script, wherever a browser shows what Lectern makes of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { attacks } from './attacks.js';
import { executable, launch } from './browser.js';
import { filled } from './contract.js';
import { startLectern } from './lectern.js';

const run = promisify(execFile);
const skip = !existsSync(executable) && process.env.CI !== 'true' ? `there is no Chromium at ${executable}: nothing was looked at` : false;
const origin = 'http://page.test';

let lectern, browser, page, token;
let course, picture;
const shown = []; // [the text, the HTML bodies that have it]
const refused = new Map(); // members that don't take some texts, each with these
let writing; // the text that is being written
let served = ''; // the page that the origin answers with
const bad = []; // what must not happen

before(async () => {
  if (skip) return;
  lectern = await startLectern();
  const add = command('user', 'add', '--role=owner', 'eve');
  add.child.stdin.end('eleven hostile words\n');
  await add;
  token = (await command('token', 'create', '--scope=drafts:read', '--scope=content:write', '--scope=publish', '--scope=answers:read', 'eve', 'test')).stdout.trim();
  course = (await ask('GET', '/v1/admin/courses?filter[slug]=reading-the-web-well')).data[0].id;
  picture = (await ask('GET', `/v1/admin/assets?filter[course]=${course}`)).data[0].id;
  browser = await launch();
  const context = await browser.newContext();
  await context.exposeFunction('hacked', () => bad.push('a script ran'));
  context.on('dialog', (dialog) => bad.push(`dialog ${dialog.message()}`) && dialog.dismiss());
  context.on('weberror', (err) => bad.push(`error ${err.error()}`));
  context.on('page', (opened) => bad.push(`a window was opened: ${opened.url()}`));
  await context.route('**', (route) => {
    const request = route.request();
    if (request.url().startsWith(`${origin}/page`)) return route.fulfill({ contentType: 'text/html', body: served });
    const asDesigned = ['image', 'media'].includes(request.resourceType()) || (request.resourceType() === 'document' && request.frame().parentFrame());
    if (!asDesigned) bad.push(`${request.resourceType()} ${request.url()}`);
    return route.abort();
  });
  page = await context.newPage();
  bad.length = 0; // that page was opened by us
});

after(async () => {
  await browser?.close();
  await lectern?.stop();
});

function command(...args) {
  return run(join(lectern.folder, 'lectern'), args, { env: { ...process.env, LECTERN_DATA: join(lectern.folder, 'data') } });
}

async function ask(method, path, body, version) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type, ...(version ? { 'If-Match': `"${version}"` } : {}) };
  const answer = await fetch(lectern.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const json = await answer.json();
  return answer.ok ? json : Promise.reject(Object.assign(new Error(`${method} ${path}: ${JSON.stringify(json).slice(0, 2000)}`), json));
}

// What a member is given that does not take a text as it is.
const plain = { id: undefined, language: 'en', slug: '', url: 'https://plain.example/' };

/** Sends a document; members that are refused are set to something plain, and noted. */
async function write(kind, doc, send) {
  for (let round = 0; ; round += 1) {
    try {
      return (await send(doc)).data;
    } catch (err) {
      if (round > 20 || !err.errors?.length || err.errors.some((e) => !e.pointer)) throw err;
      for (const { pointer } of err.errors) tame(kind, doc, pointer);
    }
  }
}

function tame(kind, doc, pointer) {
  const names = pointer.slice(1).split('/').map((n) => n.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  const holder = names.reduce((at, name) => at[name], doc);
  const member = `${kind} ${[...names, last].filter((n) => !/^\d+$/.test(n)).join('/')}`;
  refused.set(member, (refused.get(member) ?? new Set()).add(writing));
  if (Array.isArray(holder)) throw new Error(`${member} is refused as a whole`);
  const instead = last in plain ? plain[last] : 'x';
  if (typeof holder[last] === 'string' && holder[last] !== instead) holder[last] = instead;
  else delete holder[last];
}

const create = (kind, schema, text, ids) => write(kind, filled(schema, text, ids), (doc) => ask('POST', `/v1/admin/${kind}s`, doc));

/** Writes, publishes and reads records with a text in all members. */
async function publish(text, i) {
  const ids = { course_id: course, asset: picture, source: undefined };
  plain.slug = `attack-${i}`; // titles alike would make slugs alike
  const own = await create('course', 'CourseNew', text, ids);
  const module = await create('module', 'ModuleNew', text, ids);
  ids.module_id = module.id;
  ids.source = (await create('source', 'SourceNew', text, ids)).id;
  const fragment = await create('fragment', 'FragmentNew', text, { ...ids, fragment: null });
  const worksheet = await create('worksheet', 'WorksheetNew', text, { ...ids, fragment: fragment.id });
  const section = await create('section', 'SectionNew', text, { ...ids, fragment: fragment.id, worksheet: worksheet.id });
  const asset = (await ask('GET', `/v1/admin/assets/${picture}`)).data;
  const { caption_tracks: _, ...patch } = filled('AssetPatch', text, ids); // only an import makes tracks: they have files
  await write('asset', patch, (doc) => ask('PATCH', `/v1/admin/assets/${picture}`, doc, asset.version));
  const targets = [{ type: 'course', id: own.id }, { type: 'module', id: module.id }];
  await ask('POST', '/v1/admin/publish', { targets, also: [{ type: 'asset', id: picture }] });
  const bodies = [];
  for (const [plural, id] of [['sections', section.id], ['worksheets', worksheet.id], ['fragments', fragment.id]]) {
    const { data } = await ask('GET', `/v1/${plural}/${id}?body=html`);
    assert.ok(data.html.length > 100, `${plural} have a body`);
    bodies.push(data.html);
  }
  const other = filled('SectionPatch', attacks[(i + 1) % attacks.length], { ...ids, fragment: fragment.id, worksheet: worksheet.id });
  await write('section', other, (doc) => ask('PATCH', `/v1/admin/sections/${section.id}`, doc, section.version));
  const headers = { Authorization: `Bearer ${token}` };
  const diff = await fetch(`${lectern.url}/v1/admin/sections/${section.id}/diff?from=1&format=html`, { headers });
  assert.equal(diff.status, 200);
  shown.push([text, [...bodies, await diff.text()]]);
}

test('every attack is written into every member and published', { skip }, async () => {
  for (const [i, text] of attacks.entries()) {
    writing = text;
    await publish(text, i);
  }
  const always = [...refused].filter(([, texts]) => texts.size === attacks.length).map(([member]) => member);
  assert.deepEqual(always.sort(), [
    'course language', 'course slug', 'fragment slug', 'module contributors/orcid', 'module slug', 'section slug',
    'worksheet slug',
  ]);
});

test('a report of an import names hostile pages', { skip }, async () => {
  const site = join(lectern.folder, 'hostile');
  await mkdir(site);
  for (const [i, text] of attacks.entries()) {
    const name = `${i} ${text.replaceAll('/', ' ')}`.slice(0, 100);
    await writeFile(join(site, `${name}.md`), `---\ntitle: ${JSON.stringify(text)}\n${JSON.stringify(text)}: 1\n---\n# ${text}\n\n${text}\n\n[x](${name})\n`);
  }
  const report = join(lectern.folder, 'report.html');
  await command('import', '--dry-run', `--report=${report}`, site);
  shown.push(['report', [await readFile(report, 'utf8')]]);
});

/** Does to all elements of a page what a reader may do, but leave it. */
function touchAll() {
  addEventListener('click', (event) => /^(https?|mailto|tel):$/.test(event.target.closest?.('a')?.protocol) && event.preventDefault());
  addEventListener('submit', (event) => event.preventDefault());
  for (const element of document.querySelectorAll('*')) {
    for (const name of ['mouseover', 'focus', 'toggle', 'error', 'load', 'click']) {
      element.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
    }
  }
}

test('no script runs in a page that would run it', { skip }, async () => {
  assert.equal(shown.length, attacks.length + 1);
  for (const [text, bodies] of shown) {
    served = '<!doctype html><title>empty</title>';
    await page.goto(`${origin}/page`);
    await page.evaluate((bodies) => {
      for (const html of bodies) {
        const holder = document.body.appendChild(document.createElement('div'));
        holder.innerHTML = html;
        holder.innerHTML = holder.innerHTML; // what mends itself does so when it is read again
      }
    }, bodies);
    await page.evaluate(touchAll);
    served = `<!doctype html><meta charset="utf-8"><title>whole</title>${bodies.join('')}`;
    await page.goto(`${origin}/page`, { waitUntil: 'domcontentloaded' }); // pictures and frames need not have failed yet
    await page.evaluate(touchAll);
    assert.deepEqual(bad, [], `${text}:\n${bodies.join('\n--\n')}`);
  }
});

test('the attacks do run where nobody stops them', { skip }, async () => {
  served = `<!doctype html>${attacks.slice(0, 5).join('')}`;
  await page.goto(`${origin}/page`);
  await page.evaluate(touchAll);
  assert.ok(bad.includes('a script ran'));
  bad.length = 0;
});
