/** One bench run in which servers fail in two ways, beside a model that works. The load generator's death is in bench.test.ts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planCells, rounds } from '../../bench/plan.ts';
import { parseRunResult, type CellResult, type RunResult } from '../../bench/result.ts';
import { workloads } from '../../loadgen/workload.ts';
import { chooseSubjects } from '../../bench/subjects.ts';
import type { Faults } from './faulty-servers.ts';
import { SockbenchCommand } from './sockbench-command.ts';

const faults: Faults = { 'event-loop': 'dies', 'worker-pool': 'hangs' };
const models = ['event-loop', 'worker-pool', 'cluster'];
const folder = mkdtempSync(join(tmpdir(), 'sockbench-test-'));
let finished: Awaited<ReturnType<typeof SockbenchCommand.run>>;
let run: RunResult;

beforeAll(async () => {
  const env = {
    ...process.env,
    NODE_OPTIONS: `--import ${new URL('../../dist/test/e2e/faulty-servers.js', import.meta.url).href}`,
    SOCKBENCH_FAULTY: JSON.stringify(faults),
  };
  const what = ['--models', models.join(), '--workloads', 'slow-reader', '--duration', '2s', '--trials', '1', '--no-references'];
  finished = await SockbenchCommand.run(
    { env },
    'run',
    ...what,
    '--seed',
    String(await seedThatEndsWith('cluster')),
    '--out',
    folder,
  );
  run = parseRunResult(JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8')), 'latest.json');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a row', () => {
  test('whose server dies in the trial has failed, with how it ended and its last words', () => {
    expect(cellOf('event-loop').trials).toEqual([
      { state: 'failed', reason: expect.stringMatching(/it ended with .*\nfirst words\nlast words of the dying server$/) },
    ]);
  });

  test('whose server never listens has failed, with how long it was awaited and its last words', () => {
    expect(cellOf('worker-pool').trials).toEqual([
      {
        state: 'failed',
        reason: expect.stringMatching(/expected it to listen within \d+ ms, it does not\nlast words of the hanging server$/),
      },
    ]);
  });

  test('of a server that works is measured, after the others have failed', () => {
    expect(cellOf('cluster').trials).toMatchObject([{ state: 'measured', result: { errors: { missing: 0, corrupt: 0 } } }]);
    expect(finished.stderr).toMatch(/^\[round 1, 3\/3\] cluster · slow-reader ×64, 56 active: [\d.]+[kM]?\/s$/m);
  });
});

describe('the bench', () => {
  test('exits with 1: it has found something', () => {
    expect(finished.code, finished.stderr).toBe(1);
    expect(run.ended).toBe('trials');
  });

  test('prints why in place of the figures, and puts those rows last', () => {
    expect(finished.stdout).toMatch(
      /^1 +cluster +[\d,]+ .*\n(.*\n)* +(event-loop|worker-pool) +failed: (.*\n)* +(event-loop|worker-pool) +failed: /m,
    );
    expect(finished.stdout).toContain('last words of the dying server');
    expect(finished.stdout).toContain('last words of the hanging server');
  });
});

function cellOf(model: string): CellResult {
  return run.cells.find((cell) => cell.model === model)!;
}

/** A seed of an order in which this model comes last. */
async function seedThatEndsWith(model: string): Promise<number> {
  const cells = planCells(await chooseSubjects({ models, references: false }), [await workloads.load('slow-reader')], true);
  let seed = 0;
  while (rounds(cells, seed).next().value.at(-1)!.subject.name !== model) seed += 1;
  return seed;
}
