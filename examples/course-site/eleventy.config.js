import { forget, isMixed } from './lib/api.js';
import { copyFiles } from './lib/files.js';
import { inline } from './lib/inline.js';
import { renderSection, renderWorksheet } from './lib/render.js';

export default function (config) {
  config.on('eleventy.before', forget);
  config.on('eleventy.after', ({ directories }) => copyFiles(directories.output));
  config.on('eleventy.after', () => isMixed() && console.warn('Something was published during this build: build again.'));

  config.addFilter('renderSection', renderSection);
  config.addFilter('renderWorksheet', renderWorksheet);
  config.addFilter('inline', (text, records) => inline(text, { records }).toString());
  config.addFilter('direction', (language) => new Intl.Locale(language).textInfo?.direction ?? 'ltr');
  config.addFilter('ofCourse', (records, course) => records.filter((r) => r.course.id === course.id));

  config.addPassthroughCopy('src/*.{css,js,svg}');
  return { dir: { input: 'src', output: '_site' } };
}
