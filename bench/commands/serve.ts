import type { Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { serve } from '../../servers/serve.ts';
import { serviceDefaults } from '../../servers/service.ts';
import { duration, portNumber, share, timeNs, wholeNumber } from './option-values.ts';

interface ServeFlags {
  model: string;
  app: string;
  framing: string;
  size: number;
  host: string;
  port: number;
  backlog: number;
  workers: number;
  work: number;
  delay: number;
  slowShare: number;
  burn: number;
  maxMessage: number;
}

export function addServeCommand(program: Command): void {
  const { limits, ...defaults } = serviceDefaults;
  program
    .command('serve')
    .description('run one server until SIGTERM or Ctrl-C; prints one JSON line when it is ready')
    .option('--model <name>', 'concurrency model, see `sockbench list`', defaults.model)
    .option('--app <name>', 'what it does with a message: echo, chat, hash, wait, mixed', defaults.app)
    .option('--framing <name>', 'how messages are told apart: fixed, length, line', defaults.framing)
    .option('--size <bytes>', 'payload size of fixed framing', wholeNumber('--size', 1), defaults.sizeBytes)
    .option('--host <address>', 'address to bind to', defaults.host)
    .option('--port <number>', 'port to listen on; 0 is any free one', portNumber('--port'), defaults.port)
    .option('--backlog <number>', 'connections that may wait for accept', wholeNumber('--backlog', 1), defaults.backlog)
    .option(
      '--workers <number>',
      'threads or processes, for models that have several',
      wholeNumber('--workers', 1),
      defaults.workers,
    )
    .option('--work <amount>', 'CPU work of a message, for the hash app', wholeNumber('--work', 1), defaults.work)
    .option('--delay <time>', 'how long the wait app and the slow messages of mixed take', duration('--delay'), defaults.delayMs)
    .option('--slow-share <share>', 'share of slow messages, for the mixed app', share('--slow-share'), defaults.slowShare)
    .option('--burn <time>', 'CPU time added to every message: a known slowdown', timeNs('--burn'), defaults.burnNs)
    .option('--max-message <bytes>', 'longest payload', wholeNumber('--max-message', 1), limits.messageBytes)
    .action(async ({ size, delay, burn, maxMessage, ...flags }: ServeFlags) => {
      const spec = { ...flags, sizeBytes: size, delayMs: delay, burnNs: burn, limits: { ...limits, messageBytes: maxMessage } };
      process.exitCode = await serve(spec, (ready) => process.stdout.write(`${JSON.stringify(ready)}\n`)).catch(
        (error: unknown) => {
          throw startFailure(error);
        },
      );
      process.exit();
    });
}

/** A failed bind in the same words as every other error. */
export function startFailure(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof SockbenchError && code !== 'EADDRINUSE') return error;
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  return new SockbenchError(code, `expected to listen there, got ${message}`, {
    remedy: '--port 0 takes any free port',
    cause: error,
  });
}
