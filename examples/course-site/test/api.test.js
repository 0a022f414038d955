// A build knows whether something was published while it read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forget, get, isMixed } from '../lib/api.js';

test('answers of two revisions make a mixed build, and the next one begins anew', async (t) => {
  let revision = 7;
  t.mock.method(globalThis, 'fetch', async () => Response.json({ data: [] }, { headers: { 'Lectern-Revision': `${revision}`, ETag: '"a"' } }));
  await get('/v1/courses');
  await get('/v1/modules');
  assert.equal(isMixed(), false);
  revision = 8;
  await get('/v1/courses'); // this build has it already
  assert.equal(isMixed(), false);
  await get('/v1/sections');
  assert.equal(isMixed(), true);
  forget();
  await get('/v1/courses');
  assert.equal(isMixed(), false);
});
