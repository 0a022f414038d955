// Facts about what happens when content is published while a client reads.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { conditional, createClient } from '@lectern-cms/client';

import { collected, fails, watched, watching } from './helpers.js';
import { startLectern } from './server.js';

let baseUrl;
let command;
let stop;
let lectern;

before(async () => {
  ({ baseUrl, lectern: command, stop } = await startLectern());
  lectern = createClient({ baseUrl });
});

after(() => stop?.());

describe('changes', () => {
  const page = (title, text) => `---\ntitle: ${title}\n---\n${text}\n`;
  const publish = (name, text) => command(['import', '--publish', '--path', name, '-'], text);

  test('all changes are read without waiting', async () => {
    const changes = await collected(lectern.changes({ wait: 0, limit: 1 }));
    const known = new Set(changes.flatMap((c) => c.data.map((x) => x.id)));
    for await (const section of lectern.all('/v1/sections')) {
      assert.ok(known.has(section.id));
    }
    const { revision, newest, more } = changes.at(-1).meta;
    assert.deepEqual([revision, more], [newest, false]);
    assert.deepEqual(await collected(lectern.changes({ since: revision, wait: 0 })), []);
  });

  test('what is published is told to those who wait, and after it what comes next', async () => {
    const newest = (await collected(lectern.changes({ wait: 0 }))).at(-1).meta.newest;
    const stop = new AbortController();
    const seen = [];
    const published = [publish('garden.md', page('Beans and poles', 'Beans climb whatever stands still.'))];
    for await (const { data, meta } of lectern.changes({ since: newest, wait: 10, signal: stop.signal })) {
      seen.push(meta.revision);
      assert.ok(data.every((c) => c.revision > newest && c.op === 'publish'));
      if (published.length === 1) {
        const section = data.find((c) => c.type === 'section');
        const { data: read } = await lectern.get('/v1/sections/{id}', { path: { id: section.id } });
        assert.equal(read.title, 'Beans and poles');
        published.push(publish('garden.md', page('Beans and poles', 'Beans climb, peas cling.')));
      } else {
        stop.abort();
      }
    }
    await Promise.all(published);
    assert.equal(seen.length, 2);
    assert.ok(seen[1] > seen[0] && seen[0] > newest);
  });

  test('a revision that never was is a 409', async () => {
    await fails(collected(lectern.changes({ since: 1_000_000 })), (e) => assert.deepEqual([e.status, e.transient], [409, false]));
  });

  test('an abort ends a waiting loop quietly', async () => {
    const newest = (await collected(lectern.changes({ wait: 0 }))).at(-1).meta.newest;
    const begin = Date.now();
    assert.deepEqual(await collected(lectern.changes({ since: newest, signal: AbortSignal.timeout(200) })), []);
    assert.ok(Date.now() - begin < 5_000);
  });
});

describe('old slugs', () => {
  // An author renames a page: the course is exported, a slug in it changed, and imported again.
  async function rename(course, from, to) {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-client-'));
    try {
      await command(['export', '--format=markdown', `--to=${join(folder, 'course')}`, course]);
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath ?? entry.path, entry.name);
        if (entry.name.endsWith('.md')) {
          const text = await readFile(file, 'utf8');
          await writeFile(file, text.replace(`\nslug: ${from}\n`, `\nslug: ${to}\n`));
        }
      }
      await command(['import', '--publish', join(folder, 'course')]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test('lead to the record, with all parameters, and are kept as well', async () => {
    const { data: sections } = await lectern.get('/v1/sections');
    const old = sections.find((s) => s.slug === 'introduction');
    await rename(old.course.slug, 'introduction', 'where-to-begin');
    const path = { course: old.course.slug, module: old.module.slug, section: 'introduction' };
    const client = createClient({ baseUrl, fetch: conditional({ fetch: watched }) });
    const query = { body: ['text'], fields: ['slug'] };
    const read = () => client.get('/v1/courses/{course}/modules/{module}/sections/{section}', { path, query });
    const [first, seen] = await watching(read);
    assert.equal(seen[0].response.redirected, true);
    assert.deepEqual([first.data.id, first.data.slug, Object.keys(first.data).sort()], [old.id, 'where-to-begin', ['id', 'slug', 'text']]);
    const [second, again] = await watching(read);
    assert.deepEqual(second, first);
    assert.equal(again[0].response.status, 304);
    const found = await lectern.resolve(`/${path.course}/${path.module}/introduction`);
    assert.deepEqual([found.id, found.current, found.slug], [old.id, false, 'where-to-begin']);
  });
});
