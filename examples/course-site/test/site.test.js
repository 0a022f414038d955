// The site as readers have it: built from a running Lectern, in a real browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from './browser.js';
import { startLectern } from './lectern.js';
import { build, serveFolder } from './site.js';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const judging = '/reading-the-web-well/judging-sources';
const everything = '/karten-lesen/werkstatt/alles/';
const questions = '/karten-lesen/werkstatt/worksheets/fragen/';

let lectern, site, browser, context, page;
let paths; // of all pages
const noise = []; // what must not happen on any page: console messages, errors, requests elsewhere

before(async () => {
  lectern = await startLectern();
  const folder = join(lectern.folder, 'site');
  await build(lectern.url, folder);
  site = await serveFolder(folder);
  browser = await launch();
  context = await browser.newContext();
  context.on('console', (message) => noise.push(`${message.page()?.url()}: ${message.text()}`));
  context.on('weberror', (err) => noise.push(String(err.error())));
  context.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') noise.push(`request to ${request.url()}`);
  });
  page = await context.newPage();
  const listed = Object.values(JSON.parse(await readFile(join(folder, 'paths.json'), 'utf8')));
  paths = ['/', '/search/', '/404.html', ...listed];
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await lectern?.stop();
});

const go = (path) => page.goto(site.url + path);

test('an error of the API is told with its problem document, and unchanged answers are kept', async () => {
  process.env.LECTERN_URL = lectern.url;
  const { forget, get } = await import('../lib/api.js');
  await assert.rejects(get('/v1/sections?bogus=1'), /400 Malformed request.*bogus: unknown parameter/s);
  const first = await get('/v1/courses');
  forget();
  assert.equal(await get('/v1/courses'), first, 'the same object again: the server said 304');
});

test('every page of both courses is there', async () => {
  for (const slug of ['reading-the-web-well', 'karten-lesen']) {
    const { data } = await (await fetch(`${lectern.url}/v1/courses/${slug}/sitemap`)).json();
    assert.ok(data.length > 4);
    for (const { path } of data) {
      const answer = await fetch(`${site.url}${path}/`);
      assert.equal(answer.status, 200, path);
    }
  }
});

test('every link and fragment within the site leads somewhere', async () => {
  const ids = new Map(); // path → ids
  const links = []; // [from, path, fragment]
  for (const path of paths) {
    await go(path);
    ids.set(path, new Set(await page.$$eval('[id]', (all) => all.map((e) => e.id))));
    const found = await page.$$eval('a[href], link[href], img[src], script[src]', (all) => all.map((e) => e.href || e.src));
    for (const { origin, pathname, hash } of found.map((f) => new URL(f))) {
      if (origin === site.url) links.push([path, pathname, decodeURIComponent(hash.slice(1))]);
    }
    const duplicates = await page.$$eval('[id]', (all) => all.map((e) => e.id).filter((id, i, ids) => ids.indexOf(id) !== i));
    assert.deepEqual(duplicates, [], `${path}: ids are unique`);
  }
  const files = [...new Set(links.map(([, to]) => to))].filter((to) => !ids.has(to));
  for (const to of files) assert.equal((await fetch(site.url + to)).status, 200, `${to} is there`);
  for (const [from, to, fragment] of links) {
    if (fragment) assert.ok(ids.get(to)?.has(fragment), `${from} links to ${to}#${fragment}`);
  }
  assert.ok(links.length > 300);
});

test('each page has one h1, a title, a language, landmarks, and headings in order', async () => {
  for (const path of paths) {
    await go(path);
    const levels = await page.$$eval('h1, h2, h3, h4, h5, h6', (all) => all.map((h) => Number(h.tagName[1])));
    assert.equal(levels[0], 1, path);
    assert.equal(levels.filter((l) => l === 1).length, 1, path);
    levels.forEach((level, i) => assert.ok(i === 0 || level <= levels[i - 1] + 1, `${path}: ${levels}`));
    assert.equal(await page.locator('main').count(), 1, path);
    assert.equal(await page.getAttribute('html', 'lang'), path.startsWith('/karten-lesen') ? 'de' : 'en', path);
    assert.ok(await page.title(), path);
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, in ${colorScheme}`, async () => {
    // axe is put into the page, which the site's own policy forbids.
    const lab = await browser.newContext({ bypassCSP: true, colorScheme });
    const tab = await lab.newPage();
    for (const path of [...paths, '/search/?q=careful+readers']) {
      await tab.goto(site.url + path);
      if (path.includes('?q=')) await tab.locator('#results li').first().waitFor();
      await tab.addScriptTag({ path: axeFile });
      const { violations, passes } = await tab.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      assert.ok(passes.length > 10, path);
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), [], path);
    }
    await lab.close();
  });
}

test('no page is wider than a phone', async () => {
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const tab = await phone.newPage();
  for (const path of paths) {
    await tab.goto(site.url + path);
    const width = await tab.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${path} is ${width} px wide`);
  }
  await phone.close();
});

test('a note is reached from its mark, and the mark from the note', async () => {
  await go(`${judging}/reading-laterally/`);
  await page.locator('#mark-1-2').click();
  assert.equal(new URL(page.url()).hash, '#note-1');
  assert.match(await page.locator(':target').textContent(), /Wineburg/);
  await page.locator('#note-1 .back').nth(1).click();
  assert.equal(await page.locator(':target').getAttribute('id'), 'mark-1-2');
});

test('notes are numbered by first use where the course says so', async () => {
  await go(everything);
  const signs = await page.$$eval('.mark', (all) => all.map((m) => m.textContent));
  assert.deepEqual(signs, ['1', '2', '2', '2', '2']);
  const notes = await page.$$eval('.notes li', (all) => all.map((n) => n.textContent));
  assert.match(notes[0], /^1\s.*Meer/s);
  assert.match(notes[1], /^2\s.*Vom Kompass/s);
  assert.equal(await page.locator('.notes a.source').getAttribute('href'), 'https://bibliothek.example.org/kompass');
});

test('menus leave out what is not in the menu, and keep what is below it', async () => {
  await go('/karten-lesen/werkstatt/');
  const menu = await page.$$eval('.menu li a', (all) => all.map((a) => a.textContent.trim()));
  assert.deepEqual(menu, ['1 Alles auf einmal', 'Darunter', 'Worksheet #1: Fragen an die Karte']);
  await go('/karten-lesen/werkstatt/darunter/');
  const crumbs = await page.$$eval('.crumbs a', (all) => all.map((a) => a.textContent));
  assert.deepEqual(crumbs, ['Courses', 'Karten lesen', 'Werkstatt', 'Nicht im Menü']);
  assert.equal(await page.locator('.pages a').textContent(), 'Before Nicht im Menü');
});

test('the search finds passages and marks the words', async () => {
  await go('/search/');
  await page.getByLabel('Words to search for').fill('careful readers');
  await page.keyboard.press('Enter');
  await page.locator('#results li').first().waitFor();
  assert.equal(new URL(page.url()).search, '?q=careful+readers');
  const marks = await page.$$eval('#results mark', (all) => all.map((m) => m.textContent.toLowerCase()));
  assert.ok(marks.includes('careful') && marks.includes('readers'));
  const hit = page.getByRole('link', { name: 'Introduction' });
  await hit.click();
  assert.equal(await page.locator(':target').count(), 1, 'the hit leads to a passage');
});

test('a search for nothing known says so', async () => {
  await go('/search/?q=zzzzqqqq');
  await page.getByText('0 pages found').waitFor();
});

test('the browser asks again for an answer that it has, and gets 304', async () => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  // What the server said comes in an event of its own, before or after that of the request.
  const asked = [];
  const said = new Map();
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => request.url.includes('/v1/search') && asked.push(requestId));
  devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => said.set(requestId, statusCode));
  for (let visit = 0; visit < 2; visit++) {
    await go('/search/?q=lateral');
    await page.locator('#results li').first().waitFor();
    await page.waitForLoadState('networkidle');
  }
  assert.deepEqual(asked.map((id) => said.get(id)), [200, 304]);
});

test('a worksheet is filled in by keyboard, and sent nowhere', async () => {
  await go(`${judging}/worksheets/check-one-claim/`);
  const before = page.url();
  await page.getByLabel('The claim, in one sentence').focus();
  for (const words of ['Flour is recalled', 'A post', 'flour recall', 'Two pages']) {
    await page.keyboard.type(words);
    await page.keyboard.press('Tab');
  }
  assert.equal(await page.getByLabel('Where you met it').inputValue(), 'A post');
  await page.getByLabel('The pages you opened').press('Enter'); // would send an ordinary form
  assert.equal(page.url(), before);
  assert.equal(await page.getByLabel('The claim, in one sentence').inputValue(), 'Flour is recalled');
});

test('every field of every kind of prompt has a name and takes an answer', async () => {
  await go(questions);
  const fields = page.locator('form.worksheet').locator('input, textarea, select');
  const count = await fields.count();
  assert.equal(count, 27);
  for (let i = 0; i < count; i++) {
    const field = fields.nth(i);
    const type = await field.evaluate((f) => (f.tagName === 'INPUT' ? f.type : f.tagName.toLowerCase()));
    await field.focus();
    if (type === 'text' || type === 'textarea') await page.keyboard.type('x');
    else if (type === 'select') await page.keyboard.press('B');
    else await page.keyboard.press('Space');
  }
  const values = await fields.evaluateAll((all) => all.map((f) => (f.type === 'radio' ? null : f.type === 'checkbox' ? f.checked : f.value)));
  assert.deepEqual([...new Set(values)], ['x', true, null, 'B']);
  assert.equal(await page.locator('input[type=radio]:checked').count(), 3, 'one of each group');
  assert.equal(await page.getByText('Oben, meistens').count(), 0, 'the key is private');
});

test('pages are whole without JavaScript', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const tab = await plain.newPage();
  await tab.goto(`${site.url}${judging}/reading-laterally/`);
  assert.equal(await tab.getByRole('link', { name: /Check Yourself with Lateral Reading/ }).getAttribute('href'), 'https://www.youtube.com/watch?v=GoQG6Tin-1E');
  await tab.goto(`${site.url}/search/`);
  assert.ok(await tab.getByText('The search needs JavaScript').isVisible());
  await plain.close();
});

test('what is not there has a page of its own', async () => {
  const answer = await fetch(`${site.url}/no/such/page/`);
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /There is no such page/);
});

// Last: it is about every page above.
test('no page said anything in the console or asked another server', () => assert.deepEqual(noise, []));
