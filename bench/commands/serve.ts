import { Option, type Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { serve } from '../../servers/serve.ts';
import { serviceDefaults } from '../../servers/service.ts';
import { duration, portNumber, share, timeNs, wholeNumber, writtenDuration } from './option-values.ts';

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
  failOn?: string;
  maxMessage: number;
  maxPending: number;
  maxConnections: number;
  idleTimeout: number;
  frameTimeout: number;
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
    .addOption(time('--delay', 'how long the wait app and the slow messages of mixed take', defaults.delayMs))
    .option('--slow-share <share>', 'share of slow messages, for the mixed app', share('--slow-share'), defaults.slowShare)
    .option('--burn <time>', 'CPU time added to every message: a known slowdown', timeNs('--burn'), defaults.burnNs)
    .option('--fail-on <text>', 'the app throws on messages that begin with this: a known fault')
    .option('--max-message <bytes>', 'longest payload', wholeNumber('--max-message', 1), limits.messageBytes)
    .option('--max-pending <bytes>', 'most output that waits for a client', wholeNumber('--max-pending', 1), limits.pendingBytes)
    .option(
      '--max-connections <number>',
      'most open at once; 0 is as many as the machine bears',
      wholeNumber('--max-connections', 0),
      limits.connections,
    )
    .addOption(
      time(
        '--idle-timeout',
        'longest that a client may send nothing, or read nothing of what waits for it; 0 is for ever',
        limits.idleMs,
      ),
    )
    .addOption(
      time('--frame-timeout', 'longest that a message may take from its first byte to its last; 0 is for ever', limits.frameMs),
    )
    .action(async ({ size, delay, burn, failOn = defaults.failsOn, ...flags }: ServeFlags) => {
      const { maxMessage, maxPending, maxConnections, idleTimeout, frameTimeout, ...rest } = flags;
      const given = { messageBytes: maxMessage, pendingBytes: maxPending, connections: maxConnections };
      const times = { idleMs: idleTimeout, frameMs: frameTimeout };
      const app = { sizeBytes: size, delayMs: delay, burnNs: burn, failsOn: failOn };
      const spec = { ...rest, ...app, limits: { ...limits, ...given, ...times } };
      process.exitCode = await serve(spec, (ready) => process.stdout.write(`${JSON.stringify(ready)}\n`)).catch(
        (error: unknown) => {
          throw startFailure(error);
        },
      );
      process.exit();
    });
}

const time = (name: string, description: string, defaultMs: number): Option =>
  new Option(`${name} <time>`, description).argParser(duration(name)).default(defaultMs, writtenDuration(defaultMs));

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
