// Facts that no Lectern shows on demand: failures on the way, and answers of others. A function stands for the network.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { LecternError, conditional, createClient } from '@lectern-cms/client';

const json = (body, init) => Response.json(body, init);
const problem = (status, headers) =>
  json(
    { type: '/problems/unavailable', title: 'Unavailable', status, detail: '', instance: '/v1/changes', request_id: 'r', errors: [] },
    { status, headers: { 'Content-Type': 'application/problem+json', ...headers } },
  );
const changes = (revision, more = false) =>
  json({
    data: [{ revision, type: 'section', id: 'x', op: 'publish', at: '2026-02-03T14:06:10.334Z', href: '/v1/sections/x' }],
    meta: { revision, newest: revision + Number(more), more },
  });
const quiet = (revision) => json({ data: [], meta: { revision, newest: revision, more: false } });
const lost = () => Promise.reject(new TypeError('fetch failed'));

/** A client whose requests get these answers, one after the other, and the queries that were asked. */
function answering(...answers) {
  const asked = [];
  const fetch = async (request) => {
    asked.push(new URL(request.url).search);
    return answers.shift()();
  };
  return { asked, client: createClient({ baseUrl: 'https://content.example.org', fetch }) };
}

async function revisions(iterator, stop) {
  const seen = [];
  for await (const { meta } of iterator) {
    seen.push(meta.revision);
    if (meta.revision === stop) {
      break;
    }
  }
  return seen;
}

describe('changes', () => {
  test('go on where they stopped, after quiet answers and failures', async () => {
    const { asked, client } = answering(
      () => changes(4),
      () => quiet(4),
      () => problem(503, { 'Retry-After': '0' }),
      () => problem(503, { 'Retry-After': '0' }),
      () => changes(5),
    );
    const retries = [];
    const onRetry = (error, delay) => retries.push([error.status, delay]);
    const seen = await revisions(client.changes({ since: 3, wait: 7, limit: 10, onRetry }), 5);
    assert.deepEqual(seen, [4, 5]);
    assert.deepEqual(retries, [[503, 0], [503, 0]]);
    assert.deepEqual(asked, [3, 4, 4, 4, 4].map((since) => `?since=${since}&wait=7&limit=10`));
  });

  test('wait longer and longer while there is no answer', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { client } = answering(() => quiet(1), lost, lost, lost, () => changes(2));
    const delays = [];
    const onRetry = (_, delay) => {
      delays.push(delay);
      // The pause begins after this call.
      queueMicrotask(() => t.mock.timers.tick(delay));
    };
    assert.deepEqual(await revisions(client.changes({ since: 1, onRetry }), 2), [2]);
    assert.deepEqual(delays, [1_000, 2_000, 4_000]);
  });

  test('fail at once when the first request does, and without waiting', async () => {
    await assert.rejects(revisions(answering(lost).client.changes()), TypeError);
    await assert.rejects(revisions(answering(() => changes(1, true), () => problem(503)).client.changes({ wait: 0 })), LecternError);
  });

  test('fail when trying again is of no use', async () => {
    await assert.rejects(revisions(answering(() => quiet(1), () => problem(409)).client.changes()), (e) => {
      assert.deepEqual([e.status, e.requestId, e.transient], [409, 'r', false]);
      return true;
    });
  });

  test('an abort ends a pause, and one before it leaves it out', async () => {
    const begin = Date.now();
    const stop = new AbortController();
    const { client } = answering(() => quiet(1), lost);
    assert.deepEqual(await revisions(client.changes({ signal: stop.signal, onRetry: () => setTimeout(() => stop.abort(), 5) })), []);
    const before = new AbortController();
    const other = answering(() => quiet(1), lost).client;
    assert.deepEqual(await revisions(other.changes({ signal: before.signal, onRetry: () => before.abort() })), []);
    assert.ok(Date.now() - begin < 900, 'less than the first pause');
  });

  test('are never kept', async () => {
    const store = new Map();
    const answer = { data: [], meta: { revision: 1, newest: 1, more: false } };
    const fetch = conditional({ store, fetch: async () => json(answer, { headers: { ETag: '"a"' } }) });
    await revisions(createClient({ baseUrl: 'https://content.example.org', fetch }).changes({ wait: 0 }));
    assert.equal(store.size, 0);
  });
});

describe('errors', () => {
  test('of a proxy have a status and no problem', async () => {
    const page = { status: 502, statusText: 'Bad Gateway', headers: { 'Retry-After': '9' } };
    const { client } = answering(() => new Response('<h1>Bad gateway</h1>', page));
    await assert.rejects(client.get('/v1/courses'), (e) => {
      assert.deepEqual([e.status, e.problem, e.errors, e.type, e.requestId, e.retryAfter], [502, null, [], '', '', 9]);
      assert.equal(e.message, '502 Bad Gateway');
      return e.transient;
    });
  });

  test('a 404 that is not of Lectern is no path that leads nowhere', async () => {
    const { client } = answering(() => new Response('', { status: 404 }));
    await assert.rejects(client.resolve('/a/b'), LecternError);
  });
});

describe('conditional reads', () => {
  const address = 'https://content.example.org/v1/sections/x';

  test('drop what is gone', async () => {
    const store = new Map();
    const answers = [() => json({ data: 1 }, { headers: { ETag: '"a"' } }), () => problem(410)];
    const fetch = conditional({ store, fetch: async () => answers.shift()() });
    await fetch(new Request(address));
    assert.equal(store.size, 1);
    assert.equal((await fetch(new Request(address))).status, 410);
    assert.equal(store.size, 0);
  });

  test('have the headers of the 304 and the body that was kept, which is not coded', async () => {
    const answers = [
      () => json({ data: 1 }, { headers: { ETag: '"a-br"', 'X-Request-Id': 'one' } }),
      () => new Response(null, { status: 304, headers: { ETag: '"a-br"', 'X-Request-Id': 'two', 'Content-Encoding': 'br' } }),
    ];
    const fetch = conditional({ fetch: async () => answers.shift()() });
    await fetch(new Request(address));
    const response = await fetch(new Request(address));
    assert.equal(response.status, 200);
    assert.deepEqual(Object.fromEntries(response.headers), { etag: '"a-br"', 'content-type': 'application/json', 'x-request-id': 'two' });
    assert.deepEqual(await response.json(), { data: 1 });
  });

  test('leave tags of your own alone', async () => {
    const seen = [];
    const fetch = conditional({
      fetch: async (request) => {
        seen.push(request.headers.get('If-None-Match'));
        return new Response(null, { status: 304 });
      },
    });
    const response = await fetch(new Request(address, { headers: { 'If-None-Match': '"mine"' } }));
    assert.deepEqual([response.status, seen], [304, ['"mine"']]);
  });
});

test('a base with a path is kept before links', async () => {
  const asked = [];
  const fetch = async (request) => {
    asked.push(request.url);
    return json({ data: [], links: { self: '', next: asked.length < 2 ? '/v1/courses?after=x' : null, prev: null }, meta: { limit: 1 } });
  };
  const client = createClient({ baseUrl: 'https://example.org/lectern/', fetch });
  let pages = 0;
  for await (const _ of client.pages('/v1/courses')) {
    pages++;
  }
  assert.equal(pages, 2);
  assert.deepEqual(asked, ['https://example.org/lectern/v1/courses', 'https://example.org/lectern/v1/courses?after=x']);
});
