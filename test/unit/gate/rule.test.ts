/** The decision rule over simulated noise: how often it cries wolf, and how often it sees one. */
import { describe, expect, test } from 'vitest';
import { confirm, firstLook, rule, screen, settlesEarly } from '../../../bench/gate/rule.ts';
import { clopperPearson } from '../../../bench/statistics/clopper-pearson.ts';
import { heavyTailed, normal } from './distributions.ts';
import { SimulatedGates, type Simulation } from './simulated-gate.ts';

/** So many gates that the rates are known to a fraction of a per cent take minutes: `npm run test:full`. */
const FULL = process.env['SOCKBENCH_TEST'] === 'full';

const kinds = { normal, 'heavy-tailed': heavyTailed };
const four: Omit<Simulation, 'noise' | 'deviation'> = { models: 4, rows: 4 };

const around = (center: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => center + (index - (count - 1) / 2) * 0.001 + index * 1e-6);

describe('the screen', () => {
  test('settles a row without any effect, and says up to where', () => {
    const { settled, finding } = screen(around(0, 7));
    expect(settled).toBe(true);
    expect(finding.upperBound).toBeLessThan(0.01);
    expect(finding.upperBound).toBeGreaterThan(0);
  });

  test('leaves open a row that looks slower, or whose noise hides 5 %', () => {
    expect(screen(around(0.05, 7)).settled).toBe(false);
    expect(screen([-0.2, 0.2, -0.1, 0.1, -0.15, 0.16, 0.01]).settled).toBe(false);
  });

  test('never calls anything clean from fewer than five blocks', () => {
    expect(screen(around(0, 4))).toMatchObject({ settled: false, finding: { upperBound: null, detectable: null } });
  });
});

describe('the look at half', () => {
  test('comes when a bound of 99 % is possible, 2^-7 being less than what is left of it', () => {
    expect([1, 7, 13, 14, 15, 28].map(firstLook)).toEqual([7, 7, 7, 7, 8, 14]);
  });

  test('settles a row without any effect, and one that became faster', () => {
    expect(settlesEarly(around(0, 7))).toBe(true);
    expect(settlesEarly(around(-0.2, 7))).toBe(true);
  });

  test('is surer than the screen: of seven blocks the largest must be below 5 %', () => {
    const [low, high] = [-0.01, 0.06];
    const differences = [low, low - 0.001, low - 0.002, low - 0.003, low - 0.004, low - 0.005, high];
    expect(screen(differences).settled).toBe(true);
    expect(settlesEarly(differences)).toBe(false);
    expect(settlesEarly([...differences.slice(0, 6), 0.04])).toBe(true);
  });

  test('settles nothing that looks slower, and nothing from too few blocks', () => {
    expect(settlesEarly(around(0.02, 7))).toBe(false);
    expect(settlesEarly(around(0, 6))).toBe(false);
    expect(settlesEarly([])).toBe(false);
  });
});

describe('the confirmation', () => {
  const control = around(0, 14).map((value, index) => (index % 2 === 0 ? value : -value));
  const stateOf = (differences: number[], own = control): string => confirm([{ differences, control: own }])[0]!.verdict.state;

  test('finds a slowdown of 5 % regressed, and 1 % clean however sure it is', () => {
    expect(stateOf(around(0.05, 14))).toBe('regressed');
    expect(stateOf(around(0.01, 14))).toBe('clean');
  });

  test('calls a speed-up clean', () => {
    expect(stateOf(around(-0.2, 14))).toBe('clean');
  });

  test('is inconclusive in noise, and says what it could have seen', () => {
    const noisy = Array.from({ length: 14 }, (_, index) => (index % 2 === 0 ? 0.15 : -0.14) + index * 0.001);
    const [{ verdict }] = confirm([{ differences: noisy, control }]) as [ReturnType<typeof confirm>[number]];
    expect(verdict.state).toBe('inconclusive');
    expect(verdict).toHaveProperty(
      'reason',
      expect.stringMatching(/^too much noise: only \d+\.\d % or more would have been seen$/),
    );
  });

  test('is invalid where base differs from base again', () => {
    expect(stateOf(around(0.05, 14), around(0.05, 14))).toBe('invalid');
    expect(stateOf(around(0, 14), around(-0.05, 14))).toBe('invalid');
  });

  test('asks for more evidence, the more rows there are', () => {
    const doubtful = [...around(0.03, 10), -0.06, -0.07, -0.08, 0.05];
    const alone = confirm([{ differences: doubtful, control }])[0]!.finding.p;
    const among = confirm([doubtful, ...Array.from({ length: 9 }, () => control)].map((differences) => ({ differences, control })));
    expect(among[0]!.finding.p).toBeCloseTo(Math.min(1, 10 * alone), 10);
  });
});

describe.each(Object.entries(kinds))('over %s noise', { timeout: 600_000 }, (_, noise) => {
  test.each([0.01, 0.03, 0.08])('with %f between blocks, no more than 1 gate in 100 raises a false alarm', (deviation) => {
    const gates = FULL ? 3000 : 300;
    const alarms = new SimulatedGates({ ...four, noise, deviation }, 1).regressed(gates);
    expect(clopperPearson(alarms, gates, 0.99).atLeast).toBeLessThanOrEqual(rule.alarms);
  });

  test.each([
    { slowdown: 0.05, deviation: 0.02, atLeast: 0.97 },
    { slowdown: 0.05, deviation: 0.03, atLeast: 0.9 },
    { slowdown: 0.1, deviation: 0.05, atLeast: 0.95 },
  ])('sees $slowdown in one of 16 rows with $deviation between blocks at least $atLeast of the time', (wanted) => {
    const gates = FULL ? 2000 : 200;
    const { slowdown, deviation } = wanted;
    const seen = new SimulatedGates({ ...four, noise, deviation, slowdown }, 2).regressed(gates, (model, row) => model + row === 0);
    expect(seen / gates).toBeGreaterThanOrEqual(wanted.atLeast);
  });

  test.each([0.02, 0.05, 0.1])('with %f between blocks, seldom calls clean what is 5 %% slower', (deviation) => {
    const gates = FULL ? 2000 : 300;
    const one = new SimulatedGates({ models: 1, rows: 1, noise, deviation, slowdown: 0.05 }, 3);
    let missed = 0;
    for (let gate = 0; gate < gates; gate += 1) if (one.next()[0]![0] === 'clean') missed += 1;
    // Each of the two bounds is wrong once in 20 cases.
    expect(missed / gates).toBeLessThanOrEqual(0.1);
  });
});
