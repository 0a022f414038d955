import { all } from '../../lib/api.js';

export const answer = () => all('/v1/worksheets?limit=100&body=blocks&include=assets');

export default async function worksheets() {
  return (await answer()).data;
}
