// Stevens' table of server designs (UNP ch. 30, figure 30.1) on his workload: 5 clients, each with 500 connections one
// after the other, a reply of 4000 bytes on each. `npm run bench:stevens`. Server on CPU 0, client on CPU 1; nothing else should run meanwhile.
// His claim to check: with any pool, a connection costs a tenth or less of what a process per connection costs.
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { workloads } from '../loadgen/workload.ts';
import { wholeNumber } from './commands/option-values.ts';
import type { Cell } from './plan.ts';
import { formatMiB, formatNs } from './report/format.ts';
import type { Outcome } from './result.ts';
import { runTrial } from './runner.ts';
import { median } from './statistics/order.ts';
import { chooseSubjects, type Subject } from './subjects.ts';
import { models } from '../servers/registry.ts';

const CLIENTS = 5;
const REPLY_BYTES = 4000;
/** As many children or threads as Stevens had in his pools. */
const POOL = 15;
const PATIENCE_MS = 1_200_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, loops: { type: 'string', default: '500' }, json: { type: 'boolean' } },
});
const rounds = wholeNumber('--rounds', 1)(values.rounds);
const loops = wholeNumber('--loops', 1)(values.loops);

const designs = await stevensDesigns();
const trials = new Map(designs.map(({ design }) => [design, [] as Outcome[]]));
for (let round = 0; round < rounds; round += 1) {
  for (const { design, subject } of designs) {
    process.stderr.write(`round ${round + 1} of ${rounds}: design ${design}, ${subject.name}\n`);
    trials.get(design)!.push(await runTrial(await cellFor(subject), settings(), new AbortController().signal));
  }
}
const rows = designs.map(({ design, subject }) => ({ design, name: subject.name, ...figures(trials.get(design)!) }));
process.stdout.write(values.json ? `${JSON.stringify(rows, null, 1)}\n` : draw(rows));

/** The models whose source is one of his designs, in his order. */
async function stevensDesigns(): Promise<{ design: number; subject: Subject }[]> {
  const numbered = (await models.all()).flatMap(({ name, source }) => {
    const [, design] = /^UNP ch\. 30, design (\d+)$/.exec(source) ?? [];
    return design === undefined ? [] : [{ design: Number(design), name }];
  });
  const subjects = await chooseSubjects({ models: numbered.map(({ name }) => name), references: false });
  return numbered
    .map(({ design, name }) => ({ design, subject: subjects.find((subject) => subject.name === name)! }))
    .toSorted((a, b) => a.design - b.design);
}

async function cellFor(subject: Subject): Promise<Cell> {
  const knobs = { connections: CLIENTS, messagesPerConnection: 1, sizeBytes: REPLY_BYTES };
  return { title: subject.name, subject, workload: await workloads.load('reconnect'), knobs };
}

function settings(): Parameters<typeof runTrial>[1] {
  return { framing: 'length', amount: CLIENTS * loops, workers: POOL, durationMs: PATIENCE_MS, warmupMs: 0 };
}

interface Figures {
  cpuNsPerConnection: number;
  /** Lowest and highest round. */
  range: [number, number];
  latencyNs: number;
  peakMemoryBytes: number;
}

/** Medians over the rounds; what went wrong, if a round did. */
function figures(outcomes: readonly Outcome[]): Figures | { failure: string } {
  const wrong = outcomes.find((outcome) => outcome.state !== 'measured');
  if (wrong !== undefined) return { failure: `${wrong.state}: ${wrong.reason}` };
  const results = outcomes.flatMap((outcome) => (outcome.state === 'measured' ? [outcome.result] : []));
  const servers = results.flatMap(({ server }) => server ?? []);
  const costs = servers.map(({ cpuNsPerMessage }) => cpuNsPerMessage); // a message is a connection here
  return {
    cpuNsPerConnection: median(costs),
    range: [Math.min(...costs), Math.max(...costs)],
    latencyNs: median(results.map(({ latencyNs }) => latencyNs.p50 ?? latencyNs.mean)),
    peakMemoryBytes: median(servers.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  };
}

function draw(found: readonly (typeof rows)[number][]): string {
  const costOf = (design: number): number => {
    const row = found.find((each) => each.design === design);
    return row !== undefined && 'cpuNsPerConnection' in row ? row.cpuNsPerConnection : NaN;
  };
  const baseline = costOf(0);
  const processNs = costOf(1) - baseline;
  const table = new Table({
    head: ['', 'design', 'CPU a connection', 'lowest–highest', 'less baseline', 'of design 1', 'latency p50', 'peak MiB'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of found) {
    if ('failure' in row) {
      table.push([row.design, row.name, { content: row.failure, colSpan: 6 }]);
      continue;
    }
    const above = row.cpuNsPerConnection - baseline;
    table.push([
      row.design,
      row.name,
      formatNs(row.cpuNsPerConnection),
      row.range.map(formatNs).join('–'),
      row.design === 0 ? 'baseline' : `${above < 0 ? '−' : ''}${formatNs(Math.abs(above))}`,
      row.design === 0 ? '' : (above / processNs).toFixed(4),
      formatNs(row.latencyNs),
      formatMiB(row.peakMemoryBytes),
    ]);
  }
  const workload = `${CLIENTS} clients × ${loops} connections × ${REPLY_BYTES}-byte replies, pools of ${POOL}`;
  return `${table.toString()}\nMedians over ${rounds} rounds; ${workload}. A design is cheap by Stevens' claim at 0.1 of design 1 or less.\n`;
}
