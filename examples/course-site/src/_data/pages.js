import { get } from '../../lib/api.js';
import courses from './courses.js';

// Every page of every course, from the sitemaps. `path` is the address that the page has on this site; the slash at
// the end is there because Eleventy writes a folder with an index.html for each page.
export default async function pages() {
  const sitemaps = (await courses()).map((course) => get(`/v1/courses/${course.id}/sitemap`));
  return (await Promise.all(sitemaps)).flatMap(({ data }) => data.map((page) => ({ ...page, path: `${page.path}/` })));
}
