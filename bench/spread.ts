// How often the bench ranks two servers apart that are one and the same: `npm run bench:spread`.
// Every run measures the same command under two names, as `npm run bench` would. Nothing else should run meanwhile.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wholeNumber } from './commands/option-values.ts';
import { pace } from './commands/run.ts';
import { serviceDefaults } from '../servers/service.ts';
import { clopperPearson } from './statistics/clopper-pearson.ts';
import { median } from './statistics/order.ts';
import { rank } from './statistics/ranking.ts';
import { planRun, run, type RunSettings } from './run.ts';
import { ResultsFolder } from './results-folder.ts';
import { summarize } from './summary.ts';
import { titleOf } from './plan.ts';
import { formatShare } from './report/format.ts';
import type { RunResult } from './result.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    trials: { type: 'string', default: '6' },
    model: { type: 'string', default: serviceDefaults.model },
    json: { type: 'boolean' },
  },
});
const runs = wholeNumber('--runs', 1)(values.runs);
const trials = wholeNumber('--trials', 1)(values.trials);

const spec = JSON.stringify({ model: values.model, framing: 'length' });
const command = `${process.execPath} ${fileURLToPath(new URL('../servers/main.js', import.meta.url))} '${spec}'`;
const settings: Omit<RunSettings, 'seed'> = {
  framing: 'length',
  ...pace.default,
  plan: { ...pace.default.plan, trials },
  subjects: { models: [], servers: [`one=${command}`, `other=${command}`], references: false },
  workloads: ['echo'],
};
const scratch = mkdtempSync(join(tmpdir(), 'sockbench-'));
const quiet = { trialStarts() {}, trialEnds() {} };

/** A pair of equal rows. */
interface Pair {
  apart: boolean;
  /** Of the medians, the larger over the smaller. */
  ratio: number;
}

try {
  const pairs: Pair[] = [];
  for (let number = 1; number <= runs; number += 1) {
    const planned = await planRun({ ...settings, seed: number });
    const folder = new ResultsFolder(join(scratch, String(number)));
    pairs.push(...pairsOf(await run(planned, { ...settings, seed: number }, folder, quiet, new AbortController().signal)));
    process.stderr.write(`run ${number} of ${runs}: ${pairs.filter(({ apart }) => apart).length} of ${pairs.length} pairs apart\n`);
  }
  const apart = pairs.filter((pair) => pair.apart).length;
  const found = { model: values.model, runs, trials, pairs: pairs.length, apart, ratio: spreadOf(pairs) };
  process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : inWords(found));
} finally {
  rmSync(scratch, { recursive: true });
}

function pairsOf({ cells }: RunResult): Pair[] {
  const titles = [...new Set(cells.map(titleOf))];
  return titles.map((title) => {
    const rows = cells.filter((cell) => titleOf(cell) === title).map(summarize);
    const measured = rows.flatMap((row) => (row.state === 'measured' ? [row] : []));
    if (measured.length < 2) throw new Error(`${title}: ${JSON.stringify(rows.find(({ state }) => state !== 'measured'))}`);
    const rates = measured.map(({ messagesPerSecond }) => messagesPerSecond);
    const places = new Set(rank(measured.map(({ interval }) => interval)).map(({ place }) => place));
    return { apart: places.size > 1, ratio: Math.max(...rates) / Math.min(...rates) };
  });
}

/** Of the medians of a pair. */
interface Spread {
  median: number;
  most: number;
}

function spreadOf(pairs: readonly Pair[]): Spread {
  const ratios = pairs.map(({ ratio }) => ratio);
  return { median: median(ratios), most: Math.max(...ratios) };
}

function inWords({ pairs, apart, ratio }: { pairs: number; apart: number; ratio: Spread }): string {
  const { atMost } = clopperPearson(apart, pairs);
  return (
    `${values.model} under two names, ${runs} runs of ${trials} trials: ${apart} of ${pairs} pairs ranked apart ` +
    `(with 95 % confidence at most ${formatShare(atMost)}).\n` +
    `Their medians differ by ${formatShare(ratio.median - 1)} in the middle, ${formatShare(ratio.most - 1)} at most.\n`
  );
}
