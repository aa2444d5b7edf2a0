// Mixed load over every model in turn, to find what grows: `npm run soak`, ten minutes, or `-- --duration 2m --models epoll,cluster`.
// After each round of all the loads below, when nothing is due, it looks at what the server holds. Exits with 1, and says
// what, where memory, descriptors, threads or latency go on growing, or a reply is wrong or missing.
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { ServerCommand } from '../loadgen/command.ts';
import type { LoadOptions } from '../loadgen/options.ts';
import type { LoadResult } from '../loadgen/result.ts';
import { StandingLoad } from '../loadgen/standing-load.ts';
import { serviceDefaults } from '../servers/service.ts';
import { duration, nameList } from './commands/option-values.ts';
import { connectionsOf } from './gate/contestants.ts';
import { heldAtRest, type Held } from './resources.ts';
import { formatCount, formatMiB, formatNs } from './report/format.ts';
import { FEWEST_LOOKS, growthOf, type Growth } from './statistics/growth.ts';
import { chooseSubjects, isModel, type ModelSubject } from './subjects.ts';
import { wrongReplies } from './wrong-replies.ts';

/** The loads of a round: amounts, so that each ends with its last reply, however slow the model is. */
const mix: readonly Partial<LoadOptions>[] = [
  { workload: 'echo', amount: 2000 },
  { workload: 'rate', rate: 200, amount: 100 },
  { workload: 'fragments', amount: 500 },
  { workload: 'large', amount: 100 },
  { workload: 'reconnect', messagesPerConnection: 10, amount: 40 },
];
/** Whose latency is compared: the planned rate is the same in each round, however fast the server is. */
const STEADY = 'rate';
const MOST_CONNECTIONS = 4;
const FRAMING = 'length';
const READY_MS = 10_000;
/** Exit codes. */
const FINDING = 1;
const NOT_VALID = 3;

interface Look extends Held {
  p90Ns: number;
}

/** By what is looked at: how much more of it may be, and how it is told. Heaps breathe, and so does a machine shared with others. */
const watched: Record<keyof Look, { share: number; least: number; text: (value: number) => string; name: string }> = {
  residentBytes: { name: 'memory, MiB', share: 0.1, least: 8 << 20, text: formatMiB },
  descriptors: { name: 'descriptors', share: 0, least: 0, text: formatCount },
  threads: { name: 'threads', share: 0, least: 0, text: formatCount },
  p90Ns: { name: 'p90', share: 2, least: 5e6, text: formatNs },
};

interface Soaked {
  model: string;
  messages: number;
  rounds: number;
  wrong: string[];
  growth: Record<keyof Look, Growth> | undefined;
}

const { values } = parseArgs({
  options: { duration: { type: 'string', default: '10m' }, models: { type: 'string', default: 'all' }, json: { type: 'boolean' } },
});
const subjects = (await chooseSubjects({ models: nameList(values.models), references: false })).filter(isModel);
const budgetMs = duration('--duration')(values.duration) / subjects.length;
const soaked: Soaked[] = [];
for (const subject of subjects) {
  const obstacle = await subject.obstacle();
  if (obstacle === undefined) soaked.push(await soak(subject));
  else process.stderr.write(`${subject.name} left out: it ${obstacle}\n`);
}
process.stdout.write(values.json ? `${JSON.stringify(soaked, null, 1)}\n` : `${draw()}\n`);
const findings = soaked.flatMap(findingsOf);
for (const finding of findings) process.stdout.write(`${finding}\n`);
const unknown = soaked.filter(({ growth, wrong }) => growth === undefined && wrong.length === 0).map(({ model }) => model);
if (unknown.length > 0) {
  process.stdout.write(`${unknown.join(', ')}: fewer than ${FEWEST_LOOKS} rounds, which don't tell growth from chance\n`);
}
process.exitCode = findings.length > 0 ? FINDING : unknown.length > 0 ? NOT_VALID : 0;

async function soak(subject: ModelSubject): Promise<Soaked> {
  const { name: model } = subject;
  const { workers } = serviceDefaults;
  const server = new ServerCommand(await subject.command({ app: 'echo', framing: FRAMING, workers }), undefined);
  const clients = new StandingLoad();
  const soaking: Soaked = { model, messages: 0, rounds: 0, wrong: [], growth: undefined };
  const looks: Look[] = [];
  try {
    const target = { ...(await server.ready(READY_MS)), pid: server.pid };
    const connections = Math.min(MOST_CONNECTIONS, connectionsOf(subject));
    for (const untilMs = performance.now() + budgetMs; performance.now() < untilMs;) {
      soaking.rounds += 1;
      process.stderr.write(`${model}: round ${soaking.rounds}\n`);
      let p90Ns = NaN;
      for (const options of mix) {
        const result = await Promise.race([clients.measure(target, { ...options, framing: FRAMING, connections }), server.died]);
        soaking.messages += result.messages;
        if (options.workload === STEADY) p90Ns = undisturbedP90Ns(result);
        const wrong = wrongReplies(result);
        if (wrong !== '') soaking.wrong.push(`round ${soaking.rounds}, ${options.workload}: ${wrong}`);
      }
      looks.push({ ...(await heldAtRest(server.pid)), p90Ns });
    }
  } catch (error) {
    if (!(error instanceof SockbenchError)) throw error;
    soaking.wrong.push(error.message);
  } finally {
    clients.end();
    await server.stop();
  }
  if (looks.length >= FEWEST_LOOKS) soaking.growth = growthIn(looks);
  return soaking;
}

/** NaN, which never grows, where others took the machine's time meanwhile: it says nothing about the server. */
function undisturbedP90Ns({ latencyNs, warnings }: LoadResult): number {
  return warnings.some(({ code }) => code === 'machine-disturbed') ? NaN : (latencyNs.p90 ?? NaN);
}

function growthIn(looks: readonly Look[]): Record<keyof Look, Growth> {
  const of = (what: keyof Look): Growth =>
    growthOf(
      looks.map((look) => look[what]),
      watched[what],
    );
  return { residentBytes: of('residentBytes'), descriptors: of('descriptors'), threads: of('threads'), p90Ns: of('p90Ns') };
}

/** What is wrong with a model, in words. */
function findingsOf({ model, wrong, growth }: Soaked): string[] {
  const growing = (Object.keys(watched) as (keyof Look)[]).filter((what) => growth?.[what].grows);
  return [...wrong, ...growing.map((what) => `${watched[what].name} grows: ${change(growth![what], what)}`)].map(
    (finding) => `${model}: ${finding}`,
  );
}

function draw(): string {
  const names = Object.keys(watched) as (keyof Look)[];
  const table = new Table({
    head: ['model', 'rounds', 'messages', ...names.map((what) => watched[what].name)],
    style: { head: [], border: [] },
  });
  for (const { model, rounds, messages, growth } of soaked) {
    const changes = names.map((what) => (growth === undefined ? '–' : change(growth[what], what)));
    table.push([model, String(rounds), formatCount(messages), ...changes]);
  }
  return table.toString();
}

/** Medians of the second and of the last third. */
function change({ from, to }: Growth, what: keyof Look): string {
  return [from, to].some(Number.isNaN) ? 'disturbed' : `${watched[what].text(from)} → ${watched[what].text(to)}`;
}
