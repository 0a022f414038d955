import { all } from '../../lib/api.js';
import courses from './courses.js';
import modules from './modules.js';
import paths from './paths.js';
import { answer as sectionAnswer } from './sections.js';
import { answer as worksheetAnswer } from './worksheets.js';

const byId = (records = []) => new Map(records.map((record) => [record.id, record]));

// Everything that blocks refer to, by id.
export default async function records() {
  const [sections, worksheets, fragments] = await Promise.all([
    sectionAnswer(),
    worksheetAnswer(),
    all('/v1/fragments?limit=100&body=blocks&include=assets'), // included fragments come without content
  ]);
  return {
    paths: await paths(),
    courses: byId(await courses()),
    modules: byId(await modules()),
    sections: byId(sections.data),
    worksheets: byId(worksheets.data),
    fragments: byId(fragments.data),
    sources: byId(sections.included.sources),
    assets: byId([sections, worksheets, fragments].flatMap(({ included }) => included.assets ?? [])),
  };
}
