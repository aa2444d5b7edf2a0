import { describe, expect, test } from 'vitest';
import { fitScalabilityLaw, peak, predict } from '../../../bench/statistics/universal-scalability.ts';

const loads = [1, 2, 4, 8, 16, 32, 64];
const follow = (law: Parameters<typeof predict>[0]): [number, number][] => loads.map((n) => [n, predict(law, n)]);

describe('a fit of the Universal Scalability Law', () => {
  test('finds the law that points follow exactly, with no error', () => {
    const law = { single: 1000, contention: 0.05, coherency: 0.001 };
    const found = fitScalabilityLaw(follow(law))!;
    expect(found.single).toBeCloseTo(1000, 6);
    expect(found.contention).toBeCloseTo(0.05, 9);
    expect(found.coherency).toBeCloseTo(0.001, 10);
    expect(found.error).toBeLessThan(1e-9);
  });

  test("is that of scipy.optimize.nnls for Gunther's ray tracer, with its error", () => {
    const processors = [1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64];
    const throughputs = [20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310];
    const found = fitScalabilityLaw(processors.map((n, index) => [n, throughputs[index]!]))!;
    expect(found.single).toBeCloseTo(21.746235099575674, 6);
    expect(found.contention).toBeCloseTo(0.05685652841832308, 8);
    expect(found.coherency).toBeCloseTo(3.4547584052923747e-6, 10);
    expect(found.error).toBeCloseTo(0.04896546796621367, 8);
  });

  test('has no parameter below 0: what grows faster than its load is called linear', () => {
    const found = fitScalabilityLaw(loads.map((n) => [n, n ** 1.2]))!;
    expect(found).toMatchObject({ contention: 0, coherency: 0 });
    expect(found.error).toBeGreaterThan(0.1);
  });

  test('needs four different loads: three parameters go through any three points', () => {
    expect(
      fitScalabilityLaw([
        [1, 10],
        [2, 15],
        [4, 20],
        [4, 21],
      ]),
    ).toBeUndefined();
  });
});

describe('the law', () => {
  test('has its peak where one more costs more than it brings', () => {
    const law = { single: 1, contention: 0.02, coherency: 0.0005 };
    expect(peak(law)).toBeCloseTo(Math.sqrt(0.98 / 0.0005), 9); // 44.3
    expect(predict(law, 44)).toBeGreaterThan(predict(law, 43));
    expect(predict(law, 46)).toBeLessThan(predict(law, 45));
  });

  test('has none without a cost of agreeing, and one at a load of 1 where all work is serial', () => {
    expect(peak({ single: 1, contention: 0.5, coherency: 0 })).toBe(Infinity);
    expect(peak({ single: 1, contention: 1.5, coherency: 0.1 })).toBe(1);
  });
});
