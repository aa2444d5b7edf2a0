import { describe, expect, test } from 'vitest';
import { reportOf } from '../../../bench/report/rows.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

const cell = (model: string, messagesPerSecond: number, cpuNsPerMessage: number, served = 10): ReturnType<typeof cellOf> =>
  cellOf(
    model,
    Array.from({ length: 6 }, () =>
      measured({ messagesPerSecond, connections: { opened: 10, served }, server: soundServer({ cpuNsPerMessage }) }),
    ),
  );

const summary = (...cells: ReturnType<typeof cellOf>[]): string => reportOf(runOf(cells)).sections[0]!.summary;

describe('a section in plain words', () => {
  test('names the fastest and by how much', () => {
    expect(summary(cell('a', 200, 5), cell('b', 300, 9))).toBe('Fastest: b, 1.50 times a. Least CPU time per message: a.');
  });

  test('names no winner where the order is not sure, and all whose cost is alike', () => {
    expect(summary(cell('a', 300, 100), cell('b', 300, 104), cell('c', 100, 200))).toBe(
      'Fastest: a and b; their order is not sure. Least CPU time per message: a and b.',
    );
  });

  test('names nobody when no order is sure at all', () => {
    expect(summary(cell('a', 300, 100), cell('b', 300, 104))).toMatch(/^No order is sure\./);
  });

  test('says who left clients unserved', () => {
    expect(summary(cell('a', 300, 100), cell('b', 100, 200, 1))).toContain('b served 1 of 10 connections.');
  });

  test('has nothing to compare in a single row', () => {
    expect(summary(cell('a', 300, 100))).toBe('');
  });
});
