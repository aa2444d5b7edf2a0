// The framing module alone, without sockets: messages decoded from 64 KiB chunks, and encoded into 64 KiB batches, next to
// the npm modules that do the same. These are streams, so their figures contain what a stream costs: a user pays that too.
import process from 'node:process';
import Table from 'cli-table3';
import { Command } from 'commander';
import { Bench } from 'tinybench';
import { prepareSubjects, type Subject } from './subjects.ts';

const ROUNDS = 9;

interface Row {
  what: Subject['what'];
  name: string;
  sizeBytes: number;
  /** The median of the rounds; a round's figure is that of its median call. */
  messagesPerSecond: number;
  lowestMessagesPerSecond: number;
  highestMessagesPerSecond: number;
  nsPerMessage: number;
  comparedTo: string;
  /** Of messages per second; the median of the ratios within a round. */
  ratioToOurs: number;
}

const { json } = readOptions();
const subjects = await prepareSubjects();
const rows = await measure(subjects);
process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `${table(rows)}\n`);

function readOptions(): { json: boolean } {
  return new Command('bench:micro')
    .description('measures the framing module alone')
    .option('--json', 'print the rows as JSON', false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
}

/** In rounds over all subjects, so that a disturbance of the machine meets few rounds of many subjects, not all of one. */
async function measure(all: readonly Subject[]): Promise<Row[]> {
  const nsPerMessage = new Map(all.map((subject) => [label(subject), [] as number[]]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
    const bench = new Bench({ time: 100, iterations: 10, warmupTime: 40, warmupIterations: 4, throws: true });
    for (const subject of all) bench.add(label(subject), subject.call, { async: subject.isAsync });
    await bench.run();
    for (const subject of all) {
      const result = bench.getTask(label(subject))?.result;
      if (result?.state !== 'completed') throw new Error(`${label(subject)}: expected a completed task, got ${result?.state}`);
      nsPerMessage.get(label(subject))?.push((result.latency.p50 * 1e6) / subject.messagesPerCall);
    }
  }
  const roundsOf = (subject: Subject): number[] => nsPerMessage.get(label(subject)) ?? [];
  return all.map((subject) => {
    const { what, name, sizeBytes, comparedTo } = subject;
    const rounds = roundsOf(subject);
    const ownRounds = roundsOf({ ...subject, name: comparedTo });
    return {
      what,
      name,
      sizeBytes,
      messagesPerSecond: 1e9 / median(rounds),
      lowestMessagesPerSecond: 1e9 / Math.max(...rounds),
      highestMessagesPerSecond: 1e9 / Math.min(...rounds),
      nsPerMessage: median(rounds),
      comparedTo,
      ratioToOurs: median(rounds.map((ns, round) => (ownRounds[round] ?? Number.NaN) / ns)),
    };
  });
}

function label({ what, name, sizeBytes }: Pick<Subject, 'what' | 'name' | 'sizeBytes'>): string {
  return `${what} ${name} ${sizeBytes} B`;
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? Number.NaN;
}

function table(all: readonly Row[]): string {
  const printed = new Table({
    head: ['what', 'framing', 'size', 'messages/s', 'lowest to highest round', 'ns/message', 'ratio to ours'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of all) {
    printed.push([
      row.what,
      row.name,
      `${row.sizeBytes} B`,
      Math.round(row.messagesPerSecond).toLocaleString('en'),
      `${percent(row.lowestMessagesPerSecond / row.messagesPerSecond)} to ${percent(row.highestMessagesPerSecond / row.messagesPerSecond)}`,
      row.nsPerMessage.toFixed(1),
      row.name === row.comparedTo ? '' : `${row.ratioToOurs.toFixed(2)} × ${row.comparedTo}`,
    ]);
  }
  return printed.toString();
}

function percent(ratio: number): string {
  return `${ratio < 1 ? '−' : '+'}${Math.abs(100 * ratio - 100).toFixed(1)} %`;
}
