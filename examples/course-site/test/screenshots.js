// npm run screenshots -- FOLDER
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './browser.js';
import { startLectern } from './lectern.js';
import { build, serveFolder } from './site.js';

const [to] = process.argv.slice(2);
if (!to) {
  console.error('usage: npm run screenshots -- FOLDER');
  process.exit(2);
}

const judging = '/reading-the-web-well/judging-sources';
const pages = {
  home: '/',
  course: '/reading-the-web-well/',
  module: `${judging}/`,
  section: `${judging}/reading-laterally/`,
  table: `${judging}/checking-a-claim/`,
  quote: `${judging}/introduction/`,
  worksheet: `${judging}/worksheets/check-one-claim/`,
  grid: `${judging}/worksheets/judging-sources-before-and-after/`,
  kinds: '/karten-lesen/werkstatt/alles/',
  prompts: '/karten-lesen/werkstatt/worksheets/fragen/',
  search: '/search/?q=careful+readers',
  missing: '/no-such-page/',
};
const looks = {
  wide: { viewport: { width: 1280, height: 860 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true },
};

await mkdir(to, { recursive: true });
const lectern = await startLectern();
const folder = join(lectern.folder, 'site');
await build(lectern.url, folder);
const site = await serveFolder(folder);
const browser = await launch();
try {
  for (const [look, options] of Object.entries(looks)) {
    const page = await browser.newPage(options);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(site.url + path, { waitUntil: 'networkidle' });
      await page.screenshot({ path: join(to, `${name}-${look}.png`), fullPage: true });
    }
    await page.goto(site.url + pages.worksheet);
    if (look === 'wide') {
      await page.emulateMedia({ media: 'print' });
      await page.screenshot({ path: join(to, 'worksheet-print.png'), fullPage: true });
    }
    await page.close();
  }
} finally {
  await browser.close();
  await site.stop();
  await lectern.stop();
}
