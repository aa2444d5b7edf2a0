// The ratios that sockbench's trustworthiness rests on, measured against C and bare node:net: `npm run bench:figures`.
// Both sides of a ratio alternate within one run, server on CPU 0, client on CPU 1. Nothing else should run meanwhile.
// `-- --only WORDS` measures the figures whose titles contain one of the words, e.g. `--only "epoll server,io-uring"`.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { unknownName } from '../errors/choice.ts';
import { byName, encode } from '../framing/framing.ts';
import { ServerCommand } from '../loadgen/command.ts';
import type { LoadOptions } from '../loadgen/options.ts';
import type { LoadResult } from '../loadgen/result.ts';
import { withAffinity } from '../posix/process.ts';
import { models, unavailable } from '../servers/registry.ts';
import { compare, drawCompared, type Figure, type Measure } from './compared.ts';
import { wholeNumber } from './commands/option-values.ts';
import { harass } from './hostile-peers.ts';
import { overhead } from './overhead.ts';
import { formatCount } from './report/format.ts';

const SERVER_CPU = 0;
const CLIENT_CPU = 1;
const SECONDS = 1;
const CONNECTIONS = 50;
const SIZE_BYTES = 64;
/** They come from this process, which no CPU is kept free for. */
const HOSTILE_PER_SECOND = 20;

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const compiled = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** How near the load generator must come to the C client. */
const loads = [
  { connections: CONNECTIONS, depth: 1, bar: 0.9 },
  { connections: CONNECTIONS, depth: 16, bar: 0.8 },
  { connections: 1000, depth: 1, bar: 0.85 },
  { connections: 10_000, depth: 1, bar: 0.85 },
];

/** Models that make their own system calls, as the C echo server does, and how near to it they must come. */
const bars = { epoll: 0.85, 'io-uring': 0.8 };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean' },
  },
});
const rounds = wholeNumber('--rounds', 1)(values.rounds);
const circumstances = `Median over ${rounds} rounds of ${SECONDS} s; ${CONNECTIONS} connections unless said otherwise, ${SIZE_BYTES}-byte messages.`;
const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
const servers: ServerCommand[] = [];

try {
  const cServer = await startServer([compile('servers/references/programs/epoll.c'), '0']);
  const bareServer = await startServer([process.execPath, compiled('servers/references/programs/bare-net.js')]);
  const eventLoop = await startModel();
  const cClient = compile('loadgen/references/load.c');
  const figures: Figure[] = [
    ...loads.map(({ connections, depth, bar }) => ({
      title: `load generator / C client, ${formatCount(connections)} connections, depth ${depth}`,
      bar,
      measured: ours(cServer, { connections, pipelining: depth }),
      yardstick: theirs(cClient, cServer, { connections, depth }),
    })),
    ...['epoll', 'net'].map((transport) => ({
      title: `load generator / the same with --transport ${transport}`,
      bar: 1,
      measured: ours(cServer, {}),
      yardstick: ours(cServer, { transport }),
    })),
    {
      title: 'open loop at 20,000/s: 100 µs / p99 send lag',
      bar: 1,
      measured: punctuality(cServer, 20_000),
      yardstick: async () => 1e9 / 100_000,
    },
    {
      title: 'open loop at 20,000/s: p99 lateness of a C timer / p99 send lag',
      bar: 0.9,
      measured: punctuality(cServer, 20_000),
      yardstick: timerPunctuality(compile('loadgen/references/timer.c'), 20_000),
    },
    {
      title: "load generator's memory: after 2 s / after 20 s",
      bar: 0.95,
      measured: memory(cServer, 2000),
      yardstick: memory(cServer, 20_000),
    },
    {
      title: 'event-loop, length framing / bare node:net echo, our client',
      bar: 0.9,
      measured: ours(eventLoop, { framing: 'length' }),
      yardstick: ours(bareServer, { framing: 'length' }),
    },
    {
      title: `p99 beside ${HOSTILE_PER_SECOND} hostile peers a second: bare node:net echo / event-loop`,
      bar: 0.9,
      measured: besideHostilePeers(eventLoop),
      yardstick: besideHostilePeers(bareServer),
    },
    overhead,
  ];
  for (const [model, bar] of Object.entries(bars)) {
    const obstacle = unavailable(await models.load(model));
    if (obstacle !== undefined) {
      process.stderr.write(`${model} server left out: it ${obstacle}\n`);
      continue;
    }
    const server = await startModel(model);
    figures.push(
      {
        title: `${model} server / C echo server, C client`,
        bar,
        measured: theirs(cClient, server),
        yardstick: theirs(cClient, cServer),
      },
      {
        title: `${model} server: p99 alone / p99 beside ${HOSTILE_PER_SECOND} hostile peers a second`,
        bar: 0.5,
        measured: besideHostilePeers(server),
        yardstick: promptness(server),
      },
    );
  }
  const rows = [];
  for (const figure of chosen(figures, values.only)) rows.push(await compare(figure, rounds));
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 1)}\n` : `${drawCompared(rows)}\n${circumstances}\n`);
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
}

/** The figures whose title contains one of the words. */
function chosen(figures: readonly Figure[], words: string): Figure[] {
  const found = figures.filter(({ title }) => words.split(',').some((word) => title.includes(word)));
  if (found.length === 0)
    throw unknownName(
      'figure',
      words,
      figures.map(({ title }) => title),
    );
  return found;
}

function compile(path: string): string {
  const program = join(folder, path.replaceAll('/', '-').replace('.c', ''));
  execFileSync('cc', ['-O2', '-o', program, source(path)], { stdio: 'inherit' });
  return program;
}

async function startServer(command: string[]): Promise<number> {
  const server = new ServerCommand(command, [SERVER_CPU]);
  servers.push(server);
  return (await server.ready(5000)).port;
}

/** A server of ours with `length` framing; without a name, of the default model. */
function startModel(model?: string): Promise<number> {
  return startServer([process.execPath, compiled('servers/main.js'), JSON.stringify({ model, framing: 'length' })]);
}

function theirs(program: string, port: number, { connections = CONNECTIONS, depth = 1 } = {}): Measure {
  return async () => rateOf(await output(program, [port, connections, SIZE_BYTES, SECONDS, depth].map(String)));
}

/** Our client in a fresh process each time, as a user has it: warmed up, then measured. */
function ours(port: number, knobs: Partial<LoadOptions>): Measure {
  return async () => (await ourResult(port, knobs)).messagesPerSecond;
}

async function ourResult(port: number, knobs: Partial<LoadOptions>): Promise<LoadResult> {
  const options: Partial<LoadOptions> = {
    target: { host: '127.0.0.1', port },
    connections: CONNECTIONS,
    sizeBytes: SIZE_BYTES,
    durationMs: SECONDS * 1000,
    warmupMs: 500,
    ...knobs,
  };
  return JSON.parse(await output(process.execPath, [compiled('loadgen/main.js'), JSON.stringify(options)])) as LoadResult;
}

async function output(program: string, args: string[]): Promise<string> {
  const child = withAffinity([CLIENT_CPU], () => spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  return text(child.stdout);
}

/** The most that the load generator's process had, in MiB. */
function memory(port: number, durationMs: number): Measure {
  return async () => (await ourResult(port, { durationMs })).clientMemoryBytes! / 2 ** 20;
}

/** How many sends a second would fit into the 99th percentile of our send lag: the more, the more punctual. */
function punctuality(port: number, rate: number): Measure {
  return async () => 1e9 / (await ourResult(port, { rate, durationMs: 3000, warmupMs: 1000 })).sendLagNs!.p99!;
}

/** The same of a C program that does nothing but wake: what this machine allows. */
function timerPunctuality(program: string, rate: number): Measure {
  return async () => 1e9 / (JSON.parse(await output(program, [String(rate), '3'])) as { p99Ns: number }).p99Ns;
}

/** How many responses, one after the other, would fit into the 99th percentile of the response time at 5,000/s: the more, the prompter. */
function promptness(port: number): Measure {
  return async () => 1e9 / (await ourResult(port, { rate: 5000, framing: 'length', durationMs: 3000 })).latencyNs.p99!;
}

function besideHostilePeers(port: number): Measure {
  return async () => {
    const request = encode(byName('length'), Buffer.alloc(SIZE_BYTES));
    const leave = harass({ host: '127.0.0.1', port }, request, HOSTILE_PER_SECOND);
    return promptness(port)().finally(leave);
  };
}

function rateOf(json: string): number {
  return (JSON.parse(json) as { messagesPerSecond: number }).messagesPerSecond;
}
