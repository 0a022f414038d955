import { all } from '../../lib/api.js';

// Most servers have one course, some have dozens: a limit of 100 makes it one request.
export default async function courses() {
  return (await all('/v1/courses?limit=100')).data;
}
