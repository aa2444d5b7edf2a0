// Preloaded into every process of a bench (NODE_OPTIONS=--import …), which needs no fault built in for tests: servers of
// the models named in SOCKBENCH_FAULTY fail in the way that stands there, after a last word on stderr. All others don't notice.
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { ServiceSpec } from '../../servers/service.ts';

/** By model: dies at the first connection, or never listens. */
export type Faults = Record<string, 'dies' | 'hangs'>;

const faults = JSON.parse(process.env['SOCKBENCH_FAULTY'] ?? '{}') as Faults;
const [, program = '', spec = '{}'] = process.argv;
const fault =
  isMainThread && /[\\/]servers[\\/]main\.js$/.test(program) ? faults[(JSON.parse(spec) as ServiceSpec).model] : undefined;

if (fault === 'dies') {
  subscribe('net.server.socket', () => {
    writeSync(2, 'first words\nlast words of the dying server\n');
    process.kill(process.pid, 'SIGKILL');
  });
}
if (fault === 'hangs') {
  writeSync(2, 'last words of the hanging server\n');
  setInterval(() => {}, 60_000);
  await new Promise(() => {});
}
