import { describe, expect, test } from 'vitest';
import { heads, legend, reportOf } from '../../../bench/report/rows.ts';
import type { Outcome } from '../../../bench/result.ts';
import { conditions } from '../../../loadgen/validity.ts';
import { cellOf, failed, measured, runOf, sampleRun, skipped } from './sample-run.ts';

describe('the rows of a report', () => {
  const { sections, notes } = reportOf(sampleRun);

  test('are grouped by workload and knobs', () => {
    expect(sections.map(({ title, rows }) => [title, rows.length])).toEqual([
      ['echo ×1', 4],
      ['echo ×64', 1],
    ]);
  });

  test('have the fastest first and those without figures last', () => {
    expect(sections[0]!.rows.map(({ state, model }) => `${state} ${model}`)).toEqual([
      'measured brief',
      'measured steady',
      'skipped absent',
      'failed broken',
    ]);
  });

  test('have a figure, or a dash, for each column', () => {
    for (const row of sections.flatMap(({ rows }) => rows)) {
      if (row.state === 'measured') expect(row.figures).toHaveLength(heads.length);
      else expect(row.reason).not.toBe('');
    }
  });

  test('refer to notes, each of which says what it means and what to do', () => {
    expect(notes).toEqual([
      { number: 1, code: 'too-few-samples', text: expect.stringContaining(conditions['too-few-samples'].remedy) },
      { number: 2, code: 'connections-unserved', text: expect.stringContaining(conditions['connections-unserved'].meaning) },
    ]);
    const references = sections.flatMap(({ rows }) =>
      rows.map((row) => (row.state === 'measured' ? row.figures.at(-1)!.text : '')),
    );
    expect(references).toEqual(['1', '', '', '', '1 2']);
  });

  test('have no interval after a single trial', () => {
    const [row] = reportOf(runOf([cellOf('some', [measured()])])).sections[0]!.rows;
    expect(row).toMatchObject({ figures: expect.arrayContaining([{ text: '20,000' }, { text: '–' }]) });
  });
});

const firstLine = (...trialsOfRows: Outcome[][]): string =>
  legend(runOf(trialsOfRows.map((trials) => cellOf('some', trials)))).split('\n', 1)[0]!;
const times = (count: number): Outcome[] => Array.from({ length: count }, () => measured());

describe('the legend', () => {
  test.each([
    [1, 'Medians over 1 trial of 1000 ms; one trial: no interval.'],
    [2, 'Medians over 2 trials of 1000 ms; interval: lowest to highest, 50 % sure (95 % takes 6 trials).'],
    [3, 'Medians over 3 trials of 1000 ms; interval: lowest to highest, 75 % sure (95 % takes 6 trials).'],
    [5, 'Medians over 5 trials of 1000 ms; interval: lowest to highest, 94 % sure (95 % takes 6 trials).'],
    [6, 'Medians over 6 trials of 1000 ms; interval: of the median, at least 95 %.'],
  ])('says how sure an interval over %d trials is', (trials, line) => {
    expect(firstLine(times(trials))).toBe(line);
  });

  test('claims no more than the row with the fewest trials allows, when the run was interrupted', () => {
    expect(firstLine(times(6), times(5))).toBe(
      'Medians over 5 or 6 trials of 1000 ms; interval: lowest to highest, 94 % sure (95 % takes 6 trials).',
    );
    expect(firstLine(times(2), times(1))).toBe(
      'Medians over 1 or 2 trials of 1000 ms; interval: lowest to highest, 50 % sure (95 % takes 6 trials).',
    );
    expect(firstLine(times(1), [])).toBe('Medians over 0 or 1 trial of 1000 ms; one trial: no interval.');
  });

  test('is the same when some rows have failed or were skipped', () => {
    const without = [failed('wrong'), skipped('absent'), failed('wrong')];
    expect(firstLine(times(3), without)).toBe(firstLine(times(3)));
  });
});
