import { describe, expect, test } from 'vitest';
import { mergeRuns } from '../../../bench/merge-runs.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

const at = (rate: number) => measured({ messagesPerSecond: rate });
const one = runOf([cellOf('a', [at(1), at(2)]), cellOf('b', [at(10)])], { startedAt: '2026-02-01T00:00:00.000Z' });
const other = runOf([cellOf('a', [at(3)]), cellOf('c', [at(20)])], { startedAt: '2026-01-31T00:00:00.000Z', seed: 8 });

describe('several runs', () => {
  test('that were measured alike become one, with the trials of all', () => {
    const both = mergeRuns([one, other]);
    expect(both.cells).toEqual([cellOf('a', [at(1), at(2), at(3)]), cellOf('b', [at(10)]), cellOf('c', [at(20)])]);
    expect(both).toMatchObject({ startedAt: other.startedAt, durationMs: 18_000, rounds: 3, seed: 7 });
  });

  test('may be of workloads that are placed otherwise', () => {
    const everywhere = runOf([cellOf('a', [at(5)], { title: 'a · hash ×1', workload: 'hash', placement: {} })]);
    expect(mergeRuns([one, everywhere]).cells).toHaveLength(3);
  });

  test('are refused when anything was different, the code included', () => {
    const environment = { ...other.environment, node: 'v24.0.0' };
    expect(() => mergeRuns([one, { ...other, environment }])).toThrow(
      'expected runs with the same node, got "v20.20.0" and "v24.0.0"',
    );
    const committed = { ...other.environment, commit: 'fedcba' };
    expect(() => mergeRuns([one, { ...other, environment: committed }])).toThrow('the same commit');
  });

  test('of which there is one are that one', () => {
    expect(mergeRuns([one])).toBe(one);
  });
});
