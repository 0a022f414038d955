// Lectern itself, built from this repository and running on its sample course and, beside it, on the course in
// test/course, which has every kind of block and prompt.
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = new URL('../../../', import.meta.url).pathname;
const startWithin = 30_000; // milliseconds

/** Builds and starts Lectern in a new folder, and gives { url, folder, stop }. */
export async function startLectern() {
  const folder = await mkdtemp(join(tmpdir(), 'course-site-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { url, stop } = await startIn(folder);
    return { url, folder, stop: () => stop().then(remove) };
  } catch (err) {
    await remove();
    throw err;
  }
}

async function startIn(folder) {
  const program = join(folder, 'lectern');
  await run('go', ['build', '-o', program, '.'], { cwd: repository });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const env = { ...process.env, LECTERN_DATA: join(folder, 'data'), LECTERN_ADDR: address, LECTERN_LOG_LEVEL: 'warn' };

  // The sample is loaded where there is no course yet, so it comes first.
  const first = await serve(program, ['serve', '--sample'], env, url);
  await first.stop();
  await cp(new URL('course', import.meta.url), join(folder, 'course'), { recursive: true });
  await run(program, ['import', '--publish', join(folder, 'course')], { env });
  return { url, ...(await serve(program, ['serve'], env, url)) };
}

async function serve(program, args, env, url) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const deadline = Date.now() + startWithin;
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`lectern ${args.join(' ')} did not start`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { stop };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
