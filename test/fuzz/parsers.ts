import * as fc from 'fast-check';
import { blockCounts } from '../../bench/commands/gate.ts';
import * as values from '../../bench/commands/option-values.ts';
import { compareRuns } from '../../bench/compare-runs.ts';
import { baseline, type Baseline } from '../../bench/gate/baseline.ts';
import { defaultPlan } from '../../bench/gate/plan.ts';
import { markdownReport } from '../../bench/report/markdown.ts';
import { comparisonReport } from '../../bench/report/comparison.ts';
import { printable } from '../../bench/report/printable.ts';
import { terminalReport } from '../../bench/report/terminal.ts';
import { parseJson, parseLoadResult, runResult } from '../../bench/result.ts';
import { commandSubject } from '../../bench/subjects.ts';
import { byName } from '../../framing/framing.ts';
import { acceptance } from '../../loadgen/acceptance.ts';
import { readyLine } from '../../loadgen/ready-line.ts';
import { chunkSizesBytes, cut } from '../unit/framing/cutting.ts';
import { decode } from '../unit/framing/decoding.ts';
import { playedBlock } from '../unit/gate/played-blocks.ts';
import { sampleRun } from '../unit/bench/sample-run.ts';
import { changedJson } from './changed-json.ts';

/** Something that reads what comes from outside. */
export interface Parser {
  name: string;
  /** Texts that get beyond its first check. */
  texts: fc.Arbitrary<string>;
  /** Throws a SockbenchError for what it refuses; anything else that is thrown is a finding. */
  parse(text: string): void;
  /** How many inputs of the whole: less where one is long. */
  weight: number;
}

const anything = fc.string({ unit: 'binary', maxLength: 30 });
const wordsOf = (...words: string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, anything), { maxLength: 8 })
    .map((parts) => parts.join(''));
const numbers = wordsOf('0', '1', '9', '.', '-', 'e', '%', 's', 'm', 'us', 'µs', 'ms', ' ', '0x', '9'.repeat(400), 'Infinity');
const addresses = wordsOf('127.0.0.1', 'localhost', '[', ']', '::1', ':', '80', '65536', '%eth0');

/** A number is a number: finite, and not below 0. */
const number = (name: string, read: (text: string) => number): Parser => ({
  name,
  texts: numbers,
  weight: 5,
  parse(text) {
    const value = read(text);
    if (!(value >= 0 && value < Infinity)) throw new Error(`expected a finite number, got ${value}`);
  },
});

/** Bytes as hexadecimal digits, then where they are cut: the same messages and the same end, however they arrive. */
function decoder(name: string): Parser {
  const framing = byName(name, { sizeBytes: 7, limitBytes: 12 });
  const frame = fc.tuple(fc.nat(13), fc.uint8Array({ maxLength: 13 }));
  const pieces = frame.map(([length, bytes]) =>
    [...(name === 'length' ? [0, 0, 0, length] : []), ...bytes, 0x0a].slice(0, 4 + length),
  );
  const streams = fc.array(fc.oneof({ weight: 4, arbitrary: pieces }, fc.array(fc.nat(255), { maxLength: 9 })), { maxLength: 8 });
  return {
    name: `${name} framing`,
    texts: fc
      .tuple(streams, chunkSizesBytes)
      .map(([bytes, sizes]) => `${Buffer.from(bytes.flat()).toString('hex')} ${sizes.join(' ')}`),
    weight: 15,
    parse(text) {
      const [hex = '', ...sizes] = text.split(' ');
      const stream = Buffer.from(hex, 'hex');
      const [whole, parts] = [[stream], cut(stream, sizes.map(Number))].map((chunks) => JSON.stringify(decode(framing, chunks)));
      if (whole !== parts) throw new Error(`expected ${whole}, got ${parts}`);
    },
  };
}

const steers = (text: string): boolean => printable(text) !== text;
const fewCells = { ...sampleRun, cells: sampleRun.cells.slice(0, 3) };
const sampleTrial = sampleRun.cells[0]!.trials[0]!;

const sampleBaseline: Baseline = {
  format: 'sockbench-baseline-1',
  savedAt: sampleRun.startedAt,
  commit: '0123456789',
  circumstances: { ...sampleRun.environment, loadGenerator: 'a digest' },
  settings: { models: ['epoll'], servers: [], framing: 'line', sizeBytes: 64, plan: defaultPlan },
  blocks: [playedBlock('epoll', 'confirm', 0, 1)],
};

export const parsers: readonly Parser[] = [
  ...['fixed', 'length', 'line'].map(decoder),
  number('whole number', values.wholeNumber('--option', 0)),
  number('number', values.positive('--option')),
  number('short time', values.microseconds('--option')),
  number('duration', values.duration('--option')),
  number('share', values.share('--option')),
  number('time', values.timeNs('--option')),
  number('port', values.portNumber('--option')),
  number('latency target', (text) => values.latencyTarget('--option')(text).ns),
  { name: 'counts of blocks', texts: numbers, weight: 2, parse: (text) => void blockCounts(text) },
  { name: 'names', texts: wordsOf(',', 'epoll', ' '), weight: 2, parse: (text) => void values.nameList(text) },
  { name: 'choice', texts: wordsOf('constant', 'poisson'), weight: 2, parse: (text) => void values.oneOf('--option', ['a'])(text) },
  { name: 'framing name', texts: wordsOf('line', '__proto__', 'constructor'), weight: 2, parse: (text) => void byName(text) },
  { name: 'address', texts: addresses, weight: 5, parse: (text) => void values.hostAndPort(text) },
  {
    name: 'expectation',
    texts: wordsOf('(', ')', '[', '\\', '*', 'a', '{2,1}'),
    weight: 3,
    parse: (text) => void acceptance(text),
  },
  {
    name: 'server command',
    texts: wordsOf('a=', 'b', '"', "'", ' ', '\\', '{port}'),
    weight: 5,
    parse: (text) => void commandSubject(text),
  },
  {
    name: 'ready line',
    texts: wordsOf('{"ready":true', ',"host":"h"', ',"port":1', ',"port":-1', ',"host":null', '}', '\n', '[', '"'),
    weight: 8,
    parse(text) {
      const address = readyLine(text);
      if (address !== undefined && !(address.port > 0)) throw new Error('expected a port');
    },
  },
  {
    name: 'printable',
    texts: wordsOf('\u001b[2J', '\u009b', '\u0007', '\r', '\u202e', 'a', '\t'),
    weight: 5,
    parse(text) {
      if (/(?![\t\n])\p{Cc}/u.test(printable(text))) throw new Error('expected no control character');
    },
  },
  {
    name: 'load generator output',
    texts: changedJson(sampleTrial.state === 'measured' ? sampleTrial.result : {}),
    weight: 2,
    parse: (text) => void parseLoadResult(text),
  },
  {
    name: 'results file',
    texts: changedJson(fewCells),
    weight: 1,
    parse(text) {
      const run = parseJson(runResult, text, 'a file');
      if (steers(terminalReport(run))) throw new Error('expected no control character in the report');
      if (steers(comparisonReport(compareRuns(fewCells, run, { anyway: true })))) throw new Error('expected none in a comparison');
      if (/(?<!\\)</.test(markdownReport(run))) throw new Error('expected no markup in the report');
    },
  },
  {
    name: 'baseline file',
    texts: changedJson(sampleBaseline),
    weight: 2,
    parse: (text) => void parseJson(baseline, text, 'a file'),
  },
];
