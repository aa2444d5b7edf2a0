import type { Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { load } from '../../loadgen/load.ts';
import { loadDefaults, type LoadOptions } from '../../loadgen/options.ts';
import { countAll } from '../../loadgen/tally.ts';
import { loadReport } from '../report/load.ts';
import { showLoadProgress } from '../report/progress.ts';
import { duration, hostAndPort, wholeNumber } from './option-values.ts';

interface LoadFlags {
  connections: number;
  pipelining: number;
  duration: number;
  amount?: number;
  warmup: number;
  size: number;
  framing: string;
  workload: string;
  work: number;
  workers: number;
  transport?: string;
  messagesPerConnection?: number;
  json?: true;
}

const FINDING = 1;
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
    .option('-c, --connections <number>', 'connections', wholeNumber('--connections', 1), defaults.connections)
    .option(
      '-p, --pipelining <number>',
      'requests in flight on each connection',
      wholeNumber('--pipelining', 1),
      defaults.pipelining,
    )
    .option('-d, --duration <time>', 'how long to measure: 10, 10s, 500ms, 2m', duration('--duration'), defaults.durationMs)
    .option('-a, --amount <number>', 'exactly so many requests instead, without warm-up', wholeNumber('--amount', 1))
    .option('--warmup <time>', 'load before measuring', duration('--warmup'), defaults.warmupMs)
    .option('-s, --size <bytes>', 'payload of each message', wholeNumber('--size', 1), defaults.sizeBytes)
    .option('-f, --framing <name>', 'how messages are told apart: fixed, length, line', defaults.framing)
    .option('--workload <name>', 'what clients do: echo, chat, hash, see `sockbench list`', defaults.workload)
    .option('--work <amount>', 'CPU work of a message, for hash', wholeNumber('--work', 1), defaults.work)
    .option('-w, --workers <number>', 'threads of the load generator', wholeNumber('--workers', 1), defaults.workers)
    .option('--transport <name>', 'epoll (Linux) or net; default: the best that works here')
    .option(
      '--messages-per-connection <number>',
      'close and connect anew after so many',
      wholeNumber('--messages-per-connection', 1),
    )
    .option('--json', 'print the result as one JSON object')
    .action(async (target: string | undefined, flags: LoadFlags) => {
      process.exitCode = await runLoad(toOptions(target, command, flags), flags.json === true);
    });
}

async function runLoad(options: LoadOptions, json: boolean): Promise<number> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const progress = showLoadProgress(options);
  const result = await load(options, { signal: interrupt.signal, onMeasuring: progress.begin }).finally(progress.end);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${loadReport(result)}\n`);
  if (result.interrupted) return INTERRUPTED;
  return result.messages === 0 || countAll(result.errors) + countAll(result.failures) > 0 ? FINDING : 0;
}

function toOptions(target: string | undefined, command: string[] | undefined, flags: LoadFlags): LoadOptions {
  if (target === undefined && (command === undefined || command.length === 0)) {
    throw new SockbenchError('E_TARGET', 'expected HOST:PORT or -- COMMAND, got neither', {
      remedy: 'sockbench load 127.0.0.1:8080, or sockbench load -- python3 server.py',
    });
  }
  const { duration: durationMs, warmup: warmupMs, size: sizeBytes, json: _, ...same } = flags;
  return {
    ...same,
    durationMs,
    warmupMs,
    sizeBytes,
    readyTimeoutMs: loadDefaults.readyTimeoutMs,
    ...(target !== undefined && { target: hostAndPort(target) }),
    ...(command !== undefined && { command }),
  };
}
