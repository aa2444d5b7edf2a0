// One server process: `node servers/main.js '{"model":"epoll",…}'`. People use `sockbench serve`.
import { describeError } from '../errors/sockbench-error.ts';
import { serve } from './serve.ts';
import { serviceDefaults, type ServiceSpec } from './service.ts';

const wanted = JSON.parse(process.argv[2] ?? '{}') as Partial<ServiceSpec>;
try {
  const exitCode = await serve({ ...serviceDefaults, ...wanted }, (ready) => {
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  });
  process.exit(exitCode);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`, () => process.exit(2)); // where pipes are slow, exit would cut it off
}
