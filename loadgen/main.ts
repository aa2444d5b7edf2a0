// One load generator process: `node loadgen/main.js '{"workload":"echo",…}'` prints one LoadResult. People use `sockbench load`.
import { describeError } from '../errors/sockbench-error.ts';
import { dieWithStarter } from '../posix/lifetime.ts';
import { load, type LoadOptions } from './load.ts';

dieWithStarter();

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as Partial<LoadOptions>;
  const result = await load(options, { signal: interrupt.signal });
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(result.interrupted ? 130 : 0));
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`, () => process.exit(2));
}
