// Lectern's own documentation, in a real browser: it is for the people who write sites like this one.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch } from './browser.js';
import { startLectern } from './lectern.js';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let lectern, browser, page, paths;
const noise = []; // console messages, and requests that no page needs

before(async () => {
  lectern = await startLectern();
  browser = await launch();
  const context = await browser.newContext();
  context.on('console', (message) => noise.push(`${message.page()?.url()}: ${message.text()}`));
  context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== lectern.url || !pathname.startsWith('/docs')) noise.push(`request to ${request.url()}`);
  });
  page = await context.newPage();
  await page.goto(`${lectern.url}/docs`);
  paths = await page.$$eval('nav a[href^="/docs"]', (all) => all.map((a) => a.getAttribute('href')));
});

after(async () => {
  await browser?.close();
  await lectern?.stop();
});

test('the menu leads to every page, and says which one it is on', async () => {
  assert.ok(paths.length >= 18, `${paths}`);
  for (const path of paths) {
    const answer = await page.goto(lectern.url + path);
    assert.equal(answer.status(), 200, path);
    assert.equal(await page.locator('nav [aria-current=page]').getAttribute('href'), path);
    assert.equal(await page.locator('nav [aria-current=page]').textContent(), await page.locator('h1').textContent());
  }
});

test('headings are in order', async () => {
  for (const path of paths) {
    await page.goto(lectern.url + path);
    const levels = await page.$$eval('main :is(h1, h2, h3, h4, h5, h6)', (all) => all.map((h) => Number(h.tagName[1])));
    assert.equal(levels.filter((l) => l === 1).length, 1, path);
    levels.forEach((level, i) => assert.ok(i === 0 ? level === 1 : level <= levels[i - 1] + 1, `${path}: ${levels}`));
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, in ${colorScheme}`, async () => {
    // axe is put into the page, which the page's policy forbids.
    const lab = await browser.newContext({ bypassCSP: true, colorScheme });
    const tab = await lab.newPage();
    for (const path of paths) {
      await tab.goto(lectern.url + path);
      await tab.$$eval('details', (all) => all.slice(0, 30).forEach((d) => { d.open = true; }));
      await tab.addScriptTag({ path: axeFile });
      const { violations, passes } = await tab.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      assert.ok(passes.length > 10, path);
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 5).map((n) => n.html).join(' ')}`), [], path);
    }
    await lab.close();
  });
}

test('no page is wider than a phone', async () => {
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const tab = await phone.newPage();
  for (const path of paths) {
    await tab.goto(lectern.url + path);
    await tab.$$eval('details', (all) => all.forEach((d) => { d.open = true; }));
    const width = await tab.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${path} is ${width} px wide`);
  }
  await phone.close();
});

test('the keyboard skips the menu, follows it, and reaches what scrolls', async () => {
  await page.goto(`${lectern.url}/docs`);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
  await page.locator('nav a[href="/docs/errors"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/docs/errors');
  const answer = page.locator('pre.answer').first();
  await answer.focus();
  assert.ok(await answer.evaluate((pre) => document.activeElement === pre));
});

test('on paper there is no menu, and nothing is cut off', async () => {
  await page.goto(`${lectern.url}/docs/sections`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('nav').isVisible(), false);
  const cut = await page.$$eval('pre', (all) => all.filter((pre) => pre.scrollHeight > pre.clientHeight + 1).length);
  assert.equal(cut, 0);
  assert.ok(await page.locator('details pre').first().isVisible());
  await page.emulateMedia({ media: null });
});

// Last: it is about every page above.
test('no page said anything in the console or loaded anything else', () => assert.deepEqual(noise, []));
