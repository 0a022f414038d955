// Runs the Lectern of this repository, with its sample course, for as long as a test file takes.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const READY_WITHIN = 30_000; // milliseconds; a machine that tests other things at the same time is slow

/**
 * Builds and starts Lectern, for `stop` to end. LECTERN_BIN names a binary that is built already. `lectern` runs another
 * command on the same data.
 */
export async function startLectern() {
  const work = await mkdtemp(join(tmpdir(), 'lectern-client-'));
  const binary = process.env.LECTERN_BIN || join(work, 'lectern');
  if (!process.env.LECTERN_BIN) {
    await run('go', ['build', '-o', binary, '.'], { cwd: repository, env: { ...process.env, CGO_ENABLED: '0' } });
  }
  const env = { ...process.env, LECTERN_ADDR: '127.0.0.1:0', LECTERN_DATA: join(work, 'data'), LECTERN_LOG_FORMAT: 'json' };
  const server = spawn(binary, ['serve', '--sample'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(work, { recursive: true, force: true });
  };
  const log = [];
  const failed = async (after, what) => {
    await after;
    throw new Error(`lectern ${what}:\n${log.join('\n')}`);
  };
  let baseUrl;
  try {
    baseUrl = await Promise.race([
      addressIn(server, log),
      failed(ended, 'ended'),
      failed(sleep(READY_WITHIN, undefined, { ref: false }), 'says no address'),
    ]);
    await ready(baseUrl, log);
  } catch (error) {
    await stop();
    throw error;
  }
  const lectern = (args, input = '') => {
    const command = run(binary, args, { env });
    command.child.stdin.end(input);
    return command;
  };
  return { baseUrl, lectern, stop };
}

// Each line of the log is an object; one of them tells where the server listens.
function addressIn(server, log) {
  return new Promise((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (line.includes('"lectern serves"')) {
          resolve(JSON.parse(line).address);
        }
      });
    }
  });
}

async function ready(address, log) {
  for (const end = Date.now() + READY_WITHIN; Date.now() < end; await sleep(50)) {
    const response = await fetch(`${address}/readyz`).catch(() => null);
    // The sample is searched by a test, so the index must have caught up.
    if (response?.ok && (await response.json()).checks.search === 'ok') {
      return;
    }
  }
  throw new Error(`lectern is not ready:\n${log.join('\n')}`);
}
