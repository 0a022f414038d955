import { get } from '../../lib/api.js';
import courses from './courses.js';

// A module with its sections nested, all that a menu needs, is one request.
export default async function modules() {
  const trees = (await courses()).flatMap((course) =>
    course.modules.map((module) => get(`/v1/courses/${course.slug}/modules/${module.slug}/tree`)),
  );
  return (await Promise.all(trees)).map(({ data }) => data);
}
