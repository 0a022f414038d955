import { plain } from '../../lib/inline.js';
import records from './records.js';

// What a page is about, for the templates: one view for each page of a course, by kind. `record` is as the API gives
// it, and the rest is what layouts ask for on every page.
export default async function views() {
  const all = await records();
  const { paths, courses, modules, sections, worksheets } = all;
  const view = (record, more) => ({
    record,
    path: paths[record.id],
    title: record.title,
    description: plain(record.summary ?? ''),
    ...more,
  });
  const inModule = (record) => ({ course: courses.get(record.course.id), module: modules.get(record.module.id) });
  // References have the whole title of a worksheet, with its word and number.
  const label = (worksheet) => modules.get(worksheet.module.id).worksheets.find(({ id }) => id === worksheet.id).title;

  // What was published between two requests of this build may be missing from the sitemap: the next build has it.
  const listed = (map) => [...map.values()].filter(({ id }) => paths[id]);
  return {
    courses: listed(courses).map((c) => view(c, { course: c })),
    modules: listed(modules).map((m) => view(m, { course: courses.get(m.course.id), module: m, crumbs: [m.course] })),
    sections: listed(sections).map((s) => view(s, { ...inModule(s), crumbs: s.breadcrumbs })),
    worksheets: listed(worksheets).map((w) =>
      view(w, { ...inModule(w), title: label(w), crumbs: [w.course, w.module], uses: w.shown_in.map(({ id }) => sections.get(id)).filter(Boolean) }),
    ),
  };
}
