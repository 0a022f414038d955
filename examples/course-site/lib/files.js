// The files of assets. They are copied at build time, so that a published site needs Lectern for its search only.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { api } from './api.js';

const wanted = new Map(); // path on the site → asset

/**
 * The path of an asset's file on this site; undefined for no asset. The name is the hash of the bytes: a file that is
 * there already is the right one, and may be kept by browsers for ever.
 */
export function file(asset) {
  if (!asset) return undefined;
  const path = `/files/${asset.file.sha256.slice(0, 32)}${extname(asset.file.name).toLowerCase()}`;
  wanted.set(path, asset);
  return path;
}

/** Copies the files that pages have asked for into the folder of the site. */
export async function copyFiles(folder) {
  await Promise.all([...wanted].map(([path, asset]) => copy(asset, join(folder, path))));
}

async function copy(asset, to) {
  const there = await stat(to).catch(() => null);
  if (there?.size === asset.file.bytes) return;
  const answer = await fetch(api + asset.url);
  if (!answer.ok) throw new Error(`GET ${asset.url}: ${answer.status}`);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, Buffer.from(await answer.arrayBuffer()));
}
