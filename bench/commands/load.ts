import type { Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { load } from '../../loadgen/load.ts';
import { loadDefaults, type LoadOptions } from '../../loadgen/options.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import { arrivalLaws } from '../../loadgen/schedule.ts';
import { countAll } from '../../loadgen/tally.ts';
import { conditions, type WarningCode } from '../../loadgen/validity.ts';
import { loadReport } from '../report/load.ts';
import { showLoadProgress } from '../report/progress.ts';
import { duration, hostAndPort, latencyTarget, microseconds, oneOf, positive, share, wholeNumber } from './option-values.ts';

interface LoadFlags extends Partial<
  Omit<LoadOptions, 'target' | 'command' | 'durationMs' | 'warmupMs' | 'sizeBytes' | 'delayMs' | 'spinUs'>
> {
  duration?: number;
  warmup?: number;
  size?: number;
  delay?: number;
  spin?: number;
  json?: true;
}

const FINDING = 1;
const NOT_VALID = 3;
const INTERRUPTED = 130;

/** @param command what stood after `--` */
export function addLoadCommand(program: Command, command: string[] | undefined): void {
  const defaults = loadDefaults;
  program
    .command('load')
    .description(
      'load a TCP server and measure it: `sockbench load HOST:PORT`, or `sockbench load -- COMMAND` to start one and find its port',
    )
    .argument('[target]', 'HOST:PORT')
    .option('-c, --connections <number>', `connections (${defaults.connections})`, wholeNumber('--connections', 1))
    .option(
      '-p, --pipelining <number>',
      'requests in flight on each connection (1); in an open loop, at most so many (256)',
      wholeNumber('--pipelining', 1),
    )
    .option('-d, --duration <time>', 'how long to measure: 10, 10s, 500ms, 2m (10s)', duration('--duration'))
    .option('-a, --amount <number>', 'exactly so many requests instead, without warm-up', wholeNumber('--amount', 1))
    .option(
      '-R, --rate <number>',
      'open loop: so many messages a second over all connections, for workloads with a schedule (rate, chat)',
      positive('--rate'),
    )
    .option(
      '--slo <target>',
      'latency that is to be kept, for the workload that finds the highest rate: p50, p90, p99 or p999=TIME (p99=5ms); --rate is where it begins',
      latencyTarget('--slo'),
    )
    .option('--arrivals <law>', 'of an open loop: constant or poisson (constant)', oneOf('--arrivals', arrivalLaws))
    .option(
      '--seed <number>',
      'draws the schedule: the same seed, the same messages at the same times (1)',
      wholeNumber('--seed', 0),
    )
    .option('--spin <time>', 'poll instead of sleeping so long before a message is due: 50us (0)', microseconds('--spin'))
    .option('--warmup <time>', 'load before measuring (500ms)', duration('--warmup'))
    .option('-s, --size <bytes>', `payload of each message (${defaults.sizeBytes})`, wholeNumber('--size', 1))
    .option('-i, --payload <file>', 'send what this file holds instead')
    .option('-E, --expect <what>', 'a right reply: echo, same-length, any, or a regular expression (echo)')
    .option('-f, --framing <name>', `how messages are told apart: fixed, length, line (${defaults.framing})`)
    .option('--workload <name>', 'what clients do, see `sockbench list` (echo; with --rate: rate)')
    .option('--work <amount>', `CPU work of a message, for apps that take one (${defaults.work})`, wholeNumber('--work', 1))
    .option('--delay <time>', 'how late the server answers, for workloads that wait (10ms)', duration('--delay'))
    .option(
      '--slow-share <share>',
      'which share of the messages it does that to, for the mixed workload (1%)',
      share('--slow-share'),
    )
    .option(
      '--active <number>',
      'connections that do the work, where the others only listen (chat: all speak)',
      wholeNumber('--active', 0),
    )
    .option('-w, --workers <number>', `threads of the load generator (${defaults.workers})`, wholeNumber('--workers', 1))
    .option('--transport <name>', 'io-uring or epoll (Linux), or net (the first of them that works here)')
    .option(
      '--messages-per-connection <number>',
      'close and connect anew after so many',
      wholeNumber('--messages-per-connection', 1),
    )
    .option('--allow <code>', 'accept a warning that would make the result invalid; repeatable', warningCodes)
    .option('--ceiling', 'measure first what this load generator reaches with a server that does the least, and compare')
    .option('--hdr <file>', 'write the histograms as an HdrHistogram log')
    .option('-j, --json', 'print the result as one JSON object')
    .action(async (target: string | undefined, flags: LoadFlags) => {
      process.exitCode = await runLoad(toOptions(target, command, flags), flags.json === true);
    });
}

async function runLoad(options: Partial<LoadOptions>, json: boolean): Promise<number> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const progress = showLoadProgress(options);
  const result = await load(options, { signal: interrupt.signal, onProgress: progress.show }).finally(progress.end);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${loadReport(result)}\n`);
  return exitCodeOf(result);
}

/** How the command ends with this result. */
export function exitCodeOf(result: LoadResult): number {
  if (result.interrupted) return INTERRUPTED;
  if (result.messages === 0 || countAll(result.errors) + countAll(result.failures) > 0) return FINDING;
  return result.valid ? 0 : NOT_VALID;
}

function toOptions(target: string | undefined, command: string[] | undefined, flags: LoadFlags): Partial<LoadOptions> {
  if (target === undefined && (command === undefined || command.length === 0)) {
    throw new SockbenchError('E_TARGET', 'expected HOST:PORT or -- COMMAND, got neither', {
      remedy: 'sockbench load 127.0.0.1:8080, or sockbench load -- python3 server.py',
    });
  }
  const { duration: durationMs, warmup: warmupMs, size: sizeBytes, delay: delayMs, spin: spinUs, json: _, ...same } = flags;
  return {
    ...same,
    ...(durationMs !== undefined && { durationMs }),
    ...(warmupMs !== undefined && { warmupMs }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(delayMs !== undefined && { delayMs }),
    ...(spinUs !== undefined && { spinUs }),
    ...(target !== undefined && { target: hostAndPort(target) }),
    ...(command !== undefined && { command }),
  };
}

/** Collects the values of a repeatable option. */
function warningCodes(text: string, soFar: WarningCode[] = []): WarningCode[] {
  return [...soFar, oneOf('--allow', Object.keys(conditions) as WarningCode[])(text)];
}
