// Facts about the client of the admin API, against a running Lectern.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { createAdmin, retryOnStale } from '@lectern-cms/client';

import { collected, fails } from './helpers.js';
import { startLectern } from './server.js';

const login = 'ines';
const password = 'a quiet row of lamps';

let baseUrl;
let stop;
let admin;
let section;

before(async () => {
  let lectern;
  ({ baseUrl, lectern, stop } = await startLectern());
  await lectern(['user', 'add', '--role=owner', login], `${password}\n`);
  const scopes = ['drafts:read', 'content:write', 'publish'].map((scope) => `--scope=${scope}`);
  const { stdout } = await lectern(['token', 'create', ...scopes, login, 'test']);
  admin = createAdmin({ baseUrl, token: stdout.trim() });
  [section] = await collected(admin.drafts('sections', { limit: 1 }));
});

after(() => stop?.());

// What a browser does with the cookie of a session.
function browser() {
  let cookie = '';
  return async (request) => {
    if (cookie && request.credentials === 'include') {
      request.headers.set('Cookie', cookie);
    }
    const response = await fetch(request);
    cookie = response.headers.get('Set-Cookie')?.split(';')[0] ?? cookie;
    return response;
  };
}

describe('a session', () => {
  test('is begun, may change things, goes on after a reload, and ends', async () => {
    const fetch = browser();
    const tab = createAdmin({ baseUrl, fetch });
    const { user } = await tab.signIn(login, password);
    assert.equal(user.login, login);
    const draft = await tab.draft('sections', section.id);
    const changed = await tab.update('sections', draft, { menu_label: 'By session' });
    assert.equal(changed.version, draft.version + 1);

    const reloaded = createAdmin({ baseUrl, fetch });
    await fails(reloaded.update('sections', changed, { menu_label: '' }), (e) => assert.equal(e.status, 403));
    assert.equal((await reloaded.resume()).user.login, login);
    assert.equal((await reloaded.update('sections', changed, { menu_label: '' })).menu_label, '');

    await reloaded.signOut();
    await fails(tab.draft('sections', section.id), (e) => assert.equal(e.status, 401));
  });

  test('is not begun with a wrong password', () =>
    fails(createAdmin({ baseUrl, fetch: browser() }).signIn(login, 'wrong'), (e) => assert.equal(e.status, 401)));
});

describe('drafts', () => {
  test('are read to the end of a list, with filters', async () => {
    const all = await collected(admin.drafts('sections', { limit: 2, sort: '-title' }));
    const { data } = await admin.raw.GET('/v1/admin/{records}', { params: { path: { records: 'sections' }, query: { count: true } } });
    assert.equal(all.length, data.meta.total);
    assert.ok(all.length > 4);
    assert.equal(new Set(all.map((d) => d.id)).size, all.length);
    assert.equal('blocks' in all[0], false);
    const two = all.slice(0, 2).map((d) => d.id);
    const [one, other, ...more] = await collected(admin.drafts('sections', { 'filter[id][in]': two, body: 'blocks' }));
    assert.deepEqual([[one.id, other.id].sort(), more, Array.isArray(one.blocks)], [two.sort(), [], true]);
  });

  test('that are not there are a 404', () =>
    fails(admin.draft('sections', '019a2b40-0000-7000-8000-000000000000'), (e) => assert.equal(e.status, 404)));
});

describe('changes', () => {
  test('say which version they are for, and keep their message', async () => {
    const draft = await admin.draft('sections', section.id);
    const changed = await admin.update('sections', draft, { summary: 'By token' }, 'Say who');
    assert.deepEqual([changed.version, changed.summary, changed.state], [draft.version + 1, 'By token', 'changed']);
    const { data } = await admin.raw.GET('/v1/admin/{records}/{id}/revisions', { params: { path: { records: 'sections', id: section.id } } });
    assert.equal(data.data[0].message, 'Say who');
    await fails(admin.update('sections', draft, { summary: 'Late' }), (e) => {
      assert.equal(e.status, 412);
      assert.deepEqual([e.problem.current.version, e.problem.current.changed], [changed.version, ['summary']]);
    });
  });

  test('that come late are made again on what is there now', async () => {
    let attempts = 0;
    const saved = await retryOnStale(async () => {
      const draft = await admin.draft('sections', section.id);
      if ((attempts += 1) === 1) {
        await admin.update('sections', draft, { summary: 'Somebody else was here' });
      }
      return admin.update('sections', draft, { summary: `${draft.summary}!` });
    });
    assert.deepEqual([attempts, saved.summary], [2, 'Somebody else was here!']);
  });

  test('are given up after some attempts, and at once when they are wrong', async () => {
    let attempts = 0;
    const old = { id: section.id, version: 1 };
    await fails(retryOnStale(() => ((attempts += 1), admin.update('sections', old, { summary: 'x' })), 3), (e) => assert.equal(e.status, 412));
    assert.equal(attempts, 3);
    const draft = await admin.draft('sections', section.id);
    await fails(retryOnStale(() => ((attempts += 1), admin.update('sections', draft, { title: '' }))), (e) => assert.equal(e.errors[0].pointer, '/title'));
    assert.equal(attempts, 4);
  });
});
