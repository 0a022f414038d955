// Facts about the client against a running Lectern with its sample course.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { conditional, createClient, lookup, memory } from '@lectern-cms/client';

import { collected, fails, watched, watching } from './helpers.js';
import { startLectern } from './server.js';

const LISTS = ['courses', 'modules', 'sections', 'worksheets', 'citations', 'sources', 'fragments', 'assets'].map((l) => `/v1/${l}`);
const NO_ID = '019a2b40-0000-7000-8000-000000000000';

let baseUrl;
let stop;
let lectern;

before(async () => {
  ({ baseUrl, stop } = await startLectern());
  lectern = createClient({ baseUrl, fetch: watched });
});

after(() => stop?.());

describe('reading', () => {
  test('a list has records, links and meta', async () => {
    const { data, links, meta } = await lectern.get('/v1/courses', { query: { count: true } });
    assert.equal(data.length, meta.total);
    assert.equal(links.next, null);
    assert.equal(typeof data[0].title, 'string');
  });

  test('a record is the same by id and by path', async () => {
    const { data: modules } = await lectern.get('/v1/modules');
    for (const module of modules) {
      const path = { course: module.course.slug, module: module.slug };
      const byPath = await lectern.get('/v1/courses/{course}/modules/{module}', { path });
      assert.deepEqual(byPath.data, module);
    }
  });

  test('a section comes with blocks, a list of them without', async () => {
    const { data } = await lectern.get('/v1/sections');
    assert.ok(!('blocks' in data[0]));
    const one = await lectern.get('/v1/sections/{id}', { path: { id: data[0].id } });
    assert.ok(one.data.blocks.length > 0);
    const html = await lectern.get('/v1/sections/{id}', { path: { id: data[0].id }, query: { body: ['html', 'text'] } });
    assert.deepEqual(Object.keys(html.data).filter((k) => ['blocks', 'html', 'markdown', 'text'].includes(k)), ['html', 'text']);
  });

  test('a worksheet comes with instructions and prompts', async () => {
    const { data } = await lectern.get('/v1/worksheets');
    const one = await lectern.get('/v1/worksheets/{id}', { path: { id: data[0].id } });
    assert.ok(one.data.prompts.length > 0);
    assert.ok(Array.isArray(one.data.instructions));
  });

  test('a tree has all sections of its module', async () => {
    const [module] = (await lectern.get('/v1/modules')).data;
    const path = { course: module.course.slug, module: module.slug };
    const { data } = await lectern.get('/v1/courses/{course}/modules/{module}/tree', { path, query: { body: ['html'] } });
    const flat = (nodes) => nodes.flatMap((node) => [node, ...flat(node.children)]);
    assert.deepEqual(flat(data.tree).map((n) => n.id), module.sections.map((s) => s.id));
    assert.ok(flat(data.tree).every((n) => typeof n.html === 'string'));
  });

  test('a public path is resolved, and null when it leads nowhere', async () => {
    const [course] = (await lectern.get('/v1/courses')).data;
    const { data: pages } = await lectern.get('/v1/courses/{course}/sitemap', { path: { course: course.slug } });
    assert.ok(pages.length > 10);
    for (const page of pages) {
      const found = await lectern.resolve(page.path);
      assert.deepEqual([found.id, found.type, found.path, found.current], [page.id, page.type, page.path, true]);
    }
    assert.equal(await lectern.resolve('/no/such/page'), null);
    await fails(lectern.resolve('no slash'), (e) => assert.equal(e.errors[0].parameter, 'path'));
  });

  test('an address of an answer can be fetched', async () => {
    const [asset] = (await lectern.get('/v1/assets')).data;
    const response = await fetch(lectern.url(asset.url));
    assert.equal((await response.arrayBuffer()).byteLength, asset.file.bytes);
    assert.equal(lectern.url('https://elsewhere.example.org/x'), 'https://elsewhere.example.org/x');
  });

  test('a slash at the end of the base does no harm, values in paths are escaped', async () => {
    const slashed = createClient({ baseUrl: `${baseUrl}/` });
    assert.ok((await slashed.get('/v1/courses')).data.length > 0);
    await fails(lectern.get('/v1/sections/{id}', { path: { id: '../courses?limit=1' } }), (e) => assert.equal(e.status, 404));
  });

  test('headers of client and request are sent', async () => {
    const client = createClient({ baseUrl, fetch: watched, headers: { 'X-Request-Id': 'of-the-client' } });
    const [, ofClient] = await watching(() => client.get('/v1/courses'));
    assert.equal(ofClient[0].response.headers.get('X-Request-Id'), 'of-the-client');
    const [, ofRequest] = await watching(() => client.get('/v1/courses', { headers: { 'X-Request-Id': 'of-the-request' } }));
    assert.equal(ofRequest[0].response.headers.get('X-Request-Id'), 'of-the-request');
  });

  test('a signal ends a request', async () => {
    await assert.rejects(lectern.get('/v1/courses', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});

describe('lists', () => {
  for (const list of LISTS) {
    test(`${list} by two is ${list} at once`, async () => {
      const whole = await lectern.get(list, { query: { limit: 100, count: true } });
      assert.equal(whole.links.next, null);
      const pages = await collected(lectern.pages(list, { query: { limit: 2, count: true } }));
      assert.equal(pages.length, Math.max(1, Math.ceil(whole.data.length / 2)));
      assert.ok(pages.every((p) => p.meta.limit === 2 && p.meta.total === whole.data.length));
      assert.deepEqual(pages.flatMap((p) => p.data), whole.data);
      assert.deepEqual(await collected(lectern.all(list, { query: { limit: 2 } })), whole.data);
    });
  }

  test('pages keep sort, filter, fields, body and include', async () => {
    const query = {
      sort: '-title',
      'filter[title][contains]': 'E',
      fields: ['title', 'module'],
      body: ['text'],
      include: ['module'],
      'fields[modules]': ['slug'],
    };
    const whole = await lectern.get('/v1/sections', { query: { ...query, limit: 100 } });
    const pages = await collected(lectern.pages('/v1/sections', { query: { ...query, limit: 2 } }));
    assert.ok(pages.length > 2);
    assert.deepEqual(pages.flatMap((p) => p.data), whole.data);
    for (const page of pages) {
      assert.deepEqual(Object.keys(page.data[0]).sort(), ['id', 'module', 'text', 'title']);
      assert.deepEqual(Object.keys(page.included.modules[0]).sort(), ['id', 'slug']);
    }
  });

  test('filters choose what a filter of the whole list chooses', async () => {
    const { data } = await lectern.get('/v1/sections', { query: { limit: 100 } });
    const some = data.slice(0, 3);
    const chosen = async (query) => (await lectern.get('/v1/sections', { query: { ...query, limit: 100 } })).data.map((s) => s.id);
    const ids = (sections) => sections.map((s) => s.id);
    assert.deepEqual(await chosen({ 'filter[id][in]': ids(some) }), ids(some));
    assert.deepEqual(await chosen({ 'filter[id][nin]': ids(some) }), ids(data.slice(3)));
    assert.deepEqual(await chosen({ 'filter[slug][in]': [some.map((r) => r.slug).join(',')] }), []); // one value with commas
    assert.deepEqual(await chosen({ 'filter[slug]': data[1].slug }), ids(data.filter((s) => s.slug === data[1].slug)));
    assert.deepEqual(await chosen({ 'filter[module]': data[0].module.id }), ids(data.filter((s) => s.module.id === data[0].module.id)));
  });

  test('a search is a list', async () => {
    const { data, meta } = await lectern.get('/v1/search', { query: { q: 'page', limit: 100 } });
    assert.equal(data.length, meta.total);
    const hits = await collected(lectern.all('/v1/search', { query: { q: 'page', limit: 2 } }));
    assert.deepEqual(hits.map((h) => h.id), data.map((h) => h.id));
    const sections = await lectern.get('/v1/search', { query: { q: 'page', type: ['section', 'worksheet'] } });
    assert.ok(sections.data.length > 0 && sections.data.every((h) => h.type === 'section' || h.type === 'worksheet'));
  });

  test('a loop that stops early asks for no more', async () => {
    const [, seen] = await watching(async () => {
      for await (const _ of lectern.all('/v1/sections', { query: { limit: 2 } })) {
        break;
      }
    });
    assert.equal(seen.length, 1);
  });
});

describe('include', () => {
  test('finds what references lead to', async () => {
    const { data } = await lectern.get('/v1/sections', { query: { limit: 100 } });
    const cited = data.find((s) => s.citations.some((c) => c.source));
    const query = { include: ['citations.source', 'module', 'parent'] };
    const answer = await lectern.get('/v1/sections/{id}', { path: { id: cited.id }, query });
    const find = lookup(answer);
    for (const citation of answer.data.citations) {
      assert.equal(find('citation', citation).label, citation.label);
      if (citation.source) {
        const { data: source } = await lectern.get('/v1/sources/{id}', { path: { id: citation.source.id } });
        assert.deepEqual(find('source', citation.source), source);
      }
    }
    assert.equal(find('module', answer.data.module.id).slug, answer.data.module.slug);
    assert.equal(find('module', answer.data.course), undefined, 'a reference to another kind');
    assert.equal(find('section', null), undefined);
    assert.equal(find('asset', NO_ID), undefined);
  });

  test('what was asked for is there though empty, what was not is not', async () => {
    const { data } = await lectern.get('/v1/sections', { query: { limit: 100 } });
    const bare = data.find((s) => s.citations.length === 0);
    const answer = await lectern.get('/v1/sections/{id}', { path: { id: bare.id }, query: { include: ['citations'] } });
    assert.deepEqual(answer.included, { citations: [] });
    const plain = await lectern.get('/v1/sections/{id}', { path: { id: bare.id } });
    assert.ok(!('included' in plain));
    assert.equal(lookup(plain)('citation', NO_ID), undefined);
  });
});

describe('conditional reads', () => {
  test('the second read gets a 304 and gives what was kept', async () => {
    const client = createClient({ baseUrl, fetch: conditional({ fetch: watched }) });
    for (const list of LISTS) {
      const [answers, seen] = await watching(async () => [await client.get(list), await client.get(list)]);
      assert.deepEqual(answers[1], answers[0]);
      assert.deepEqual(seen.map((s) => s.response.status), [200, 304], list);
    }
  });

  test('pages are kept, each by itself', async () => {
    const client = createClient({ baseUrl, fetch: conditional({ fetch: watched }) });
    const read = () => collected(client.all('/v1/sections', { query: { limit: 2, body: ['html'] } }));
    const first = await read();
    const [second, seen] = await watching(read);
    assert.deepEqual(second, first);
    assert.ok(seen.length > 2 && seen.every((s) => s.response.status === 304));
  });

  test("Node's fetch gets a 304 though it sends no-cache", async () => {
    const address = `${baseUrl}/v1/sections?limit=100&body=html`;
    const first = await fetch(address);
    const etag = first.headers.get('ETag');
    assert.match(etag, /-br"$|-gz"$/, 'a long answer is compressed');
    for (const init of [{}, { cache: 'no-cache' }, { cache: 'no-store' }, { headers: { 'Accept-Encoding': 'identity' } }]) {
      const second = await fetch(address, { ...init, headers: { ...init.headers, 'If-None-Match': etag } });
      assert.equal(second.status, 304, JSON.stringify(init));
      assert.equal(await second.text(), '');
    }
  });

  test('a Map keeps answers, too, from one client to the next', async () => {
    const store = new Map();
    const one = createClient({ baseUrl, fetch: conditional({ store }) });
    const first = await one.get('/v1/courses');
    const other = createClient({ baseUrl, fetch: conditional({ store, fetch: watched }) });
    const [second, seen] = await watching(() => other.get('/v1/courses'));
    assert.deepEqual(second, first);
    assert.equal(seen[0].response.status, 304);
    assert.deepEqual([...store.keys()], [`${baseUrl}/v1/courses`]);
  });

  test('memory forgets what was unused for longest', async () => {
    const store = memory(2);
    const client = createClient({ baseUrl, fetch: conditional({ store }) });
    await client.get('/v1/courses');
    await client.get('/v1/modules');
    await client.get('/v1/courses');
    await client.get('/v1/sections');
    assert.ok(await store.get(`${baseUrl}/v1/courses`));
    assert.equal(await store.get(`${baseUrl}/v1/modules`), undefined);
  });

  test('errors and files are not kept', async () => {
    const store = new Map();
    const client = createClient({ baseUrl, fetch: conditional({ store }) });
    await fails(client.get('/v1/sections/{id}', { path: { id: NO_ID } }), (e) => assert.equal(e.status, 404));
    const [asset] = (await lectern.get('/v1/assets')).data;
    await conditional({ store })(new Request(lectern.url(asset.url)));
    assert.equal(store.size, 0);
  });
});

describe('coding', () => {
  // fetch hides what came over the wire, so that is asked for by hand.
  const coded = (encoding) =>
    new Promise((resolve, reject) => {
      request(`${baseUrl}/v1/sections?limit=100`, { headers: { 'Accept-Encoding': encoding } }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.headers['content-encoding']));
      })
        .on('error', reject)
        .end();
    });

  test('gzip and br are sent, and undone without a trace', async () => {
    const plain = await lectern.get('/v1/sections', { query: { limit: 100 }, headers: { 'Accept-Encoding': 'identity' } });
    for (const [accepted, coding] of [['gzip', 'gzip'], ['br', 'br']]) {
      assert.equal(await coded(accepted), coding);
      const answer = await lectern.get('/v1/sections', { query: { limit: 100 }, headers: { 'Accept-Encoding': accepted } });
      assert.deepEqual(answer, plain);
    }
  });
});

describe('errors', () => {
  test('name each parameter that is wrong', async () => {
    const wrong = { limit: 500, colour: 'red', 'filter[title][gt]': 'A' };
    await fails(lectern.get('/v1/sections', { query: wrong, headers: { 'X-Request-Id': 'wrong-one' } }), (e) => {
      assert.equal(e.name, 'LecternError');
      assert.equal(e.status, 400);
      assert.equal(e.type, '/problems/malformed-request');
      assert.deepEqual(e.errors.map((x) => x.parameter).sort(), Object.keys(wrong).sort());
      assert.equal(e.requestId, 'wrong-one');
      assert.equal(e.problem.instance, '/v1/sections');
      assert.match(e.message, /colour: unknown/);
      assert.equal(e.transient, false);
    });
  });

  test('are thrown by pages, too', async () => {
    await fails(collected(lectern.all('/v1/sections', { query: { sort: 'colour' } })), (e) => assert.equal(e.errors[0].parameter, 'sort'));
  });

  test('a record that is not there is 404', async () => {
    await fails(lectern.get('/v1/sections/{id}', { path: { id: NO_ID } }), (e) => {
      assert.deepEqual([e.status, e.type, e.errors], [404, '/problems/not-found', []]);
      assert.equal(e.url, `${baseUrl}/v1/sections/${NO_ID}`);
    });
  });

  test('no answer at all fails as fetch does', async () => {
    const nobody = createClient({ baseUrl: 'http://127.0.0.1:1' });
    await assert.rejects(nobody.get('/v1/courses'), TypeError);
  });

  test('the client below gives responses instead', async () => {
    const { error, response } = await lectern.raw.GET('/v1/sections', { params: { query: { limit: 500 } } });
    assert.equal(response.status, 400);
    assert.equal(error.errors[0].parameter, 'limit');
  });
});
