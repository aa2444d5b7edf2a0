import { SockbenchError } from '../errors/sockbench-error.ts';
import { dieWithStarter } from '../posix/lifetime.ts';
import { models, unavailable } from './registry.ts';
import { resolveService, type ServiceSpec } from './service.ts';

/** What a started server prints to stdout, one line. */
export interface ReadyLine {
  ready: true;
  host: string;
  port: number;
  pid: number;
  model: string;
}

/**
 * Runs one server in this process until SIGTERM (exit code 0), Ctrl-C (130) or the failure of one of its threads (70): announce,
 * serve, drain. Then says on stderr, as one JSON line, which connections it closed of its own accord.
 * @returns the exit code
 * @throws SockbenchError E_UNKNOWN_NAME, E_MODEL_UNAVAILABLE; EADDRINUSE and the like
 */
export async function serve(spec: ServiceSpec, announce: (ready: ReadyLine) => void): Promise<number> {
  dieWithStarter();
  const model = await models.load(spec.model);
  const obstacle = unavailable(model);
  if (obstacle !== undefined) {
    throw new SockbenchError('E_MODEL_UNAVAILABLE', `expected to run ${model.name}; it ${obstacle}`, {
      remedy: '`sockbench list` shows which models run here',
    });
  }
  const service = await resolveService(spec);
  const toldToStop = stopSignal();
  const server = await model.start(service);
  if (!isLoopback(service.host))
    process.stderr.write(`WARNING: listening on ${service.host}: whoever reaches this machine can connect\n`);
  announce({ ready: true, host: service.host, port: server.port, pid: process.pid, model: model.name });
  const exitCode = await Promise.race([toldToStop, service.failure.happened.then(() => FAILED)]);
  await server.stop();
  process.stderr.write(`${JSON.stringify({ stopped: true, closed: service.closings.counts })}\n`);
  return exitCode;
}

/** EX_SOFTWARE of sysexits(3): what went wrong lies within. */
const FAILED = 70;

/** Nobody from another machine gets there: 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1. */
const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

function stopSignal(): Promise<number> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve(0));
    process.once('SIGINT', () => resolve(130));
  });
}
