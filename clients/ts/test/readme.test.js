// Every sample of the README compiles, and runs against a Lectern.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startLectern } from './server.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const samples = readme.split(/^## /m).flatMap((part) => {
  const title = part.slice(0, part.indexOf('\n'));
  return [...part.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => ({ title, code }));
});

let baseUrl;
let stop;
let folder;

before(async () => {
  let lectern;
  ({ baseUrl, lectern, stop } = await startLectern());
  await lectern(['user', 'add', '--role=owner', 'ines'], 'a quiet row of lamps\n');
  const { stdout: token } = await lectern(['token', 'create', '--scope=drafts:read', '--scope=content:write', 'ines', 'samples']);
  // Within the package, so that the samples import it by its name.
  folder = await mkdtemp(join(here, 'samples-'));
  for (const [i, { code }] of samples.entries()) {
    // A reader follows changes for a minute, a test need not.
    const runs = code.replaceAll('http://127.0.0.1:8080', baseUrl).replaceAll('60_000', '600').replaceAll('lec_…', token.trim());
    await writeFile(join(folder, `${i}.ts`), runs);
  }
  const compilerOptions = { skipLibCheck: true, rootDir: '.', outDir: '.', declaration: false, noUnusedLocals: true };
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'], exclude: [] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
});

after(async () => {
  await stop?.();
  if (folder) {
    await rm(folder, { recursive: true });
  }
});

test('all samples compile', async () => {
  const tsc = join(here, '../node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '--project', folder]).catch((e) => assert.fail(e.stdout));
});

// What each sample shows, so that one that shows nothing does not pass.
const shown = {
  Begin: /Judging Sources \[/,
  Lists: /14 of 14/,
  'Related records': /^1 \S/m,
  Blocks: /^## /m,
  'Conditional reads': /^true$/m,
  Errors: /^400 \/problems\/malformed-request \S+\nlimit must be a whole number from 1 to 100$/m,
  'Public paths': /^course \S+ 404$/m,
  Changes: /^publish course /m,
  Drafts: /^live \S/m,
};

test('there are samples of everything', () => {
  assert.deepEqual(samples.map((s) => s.title), Object.keys(shown));
});

for (const [i, { title }] of samples.entries()) {
  test(`${title} does what it says`, async () => {
    const { stdout } = await run(process.execPath, [join(folder, `${i}.js`)]);
    assert.match(stdout, shown[title]);
  });
}
