import { api, publicApi } from '../../lib/api.js';

export default {
  title: 'Courses', // stands in the header and behind every page title
  language: 'en', // of the words below and in the templates; pages of a course have that of the course
  api,
  publicApi,
};
