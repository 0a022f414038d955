import pages from './pages.js';

// Id → path. References and links in texts name records by id, which never changes.
export default async function paths() {
  return Object.fromEntries((await pages()).map((page) => [page.id, page.path]));
}
