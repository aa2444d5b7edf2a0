import { describe, expect, test } from 'vitest';
import { connectionsByWorker } from '../../../bench/report/charts/accepts.ts';
import { charts } from '../../../bench/report/charts/all.ts';
import type { Chart, Drawing, View } from '../../../bench/report/charts/chart.ts';
import { spread } from '../../../bench/report/charts/end-labels.ts';
import { Palette, themes } from '../../../bench/report/charts/palette.ts';
import { svgOf } from '../../../bench/report/pictures.ts';
import type { RunResult } from '../../../bench/result.ts';
import { hostile, reportRun } from './report-run.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

function viewOf(run: RunResult, changes: Partial<View> = {}): View {
  const theme = themes.light;
  const palette = new Palette([...run.cells, ...run.timelines], theme);
  return { run, workload: 'echo ×64', shows: () => true, theme, palette, widthPx: 800, ...changes };
}

const chart = (id: string): Chart => charts.find((one) => one.id === id)!;

function drawn(id: string, view = viewOf(reportRun)): Extract<Drawing, { state: 'drawn' }> {
  const drawing = chart(id).draw(view);
  if (drawing.state !== 'drawn') throw new Error(`expected a picture, got: ${drawing.reason}`);
  return drawing;
}

const seriesOf = (id: string, view?: View) =>
  drawn(id, view).option.series as { type: string; name?: string; data: { value: unknown }[] }[];
const ofType = (id: string, type: string) => seriesOf(id).filter((series) => series.type === type);

describe.each(charts)('the picture "$title"', ({ id, about }) => {
  test('is drawn from a run that has its data, on the server as in the page, with a table of its numbers', () => {
    const { table, heightPx } = drawn(id);
    expect(svgOf(chart(id), viewOf(reportRun))).toMatch(/^<svg [^>]*width="800"/);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row).toHaveLength(table.heads.length);
    expect(heightPx).toBeGreaterThan(50);
  });

  test('says what is missing, and what to run for it, where the run has nothing for it', () => {
    const drawing = chart(id).draw(
      viewOf(runOf([cellOf('some', [measured()], { knobs: { connections: 3 } })]), { workload: 'none' }),
    );
    expect(drawing).toMatchObject({
      state: 'absent',
      reason: expect.stringMatching(/\.$/),
      command: expect.stringMatching(/^npm run bench/),
    });
  });

  test('shows no model that the reader has left out', () => {
    const view = viewOf(reportRun, { shows: (model) => model === 'swift' });
    expect(new Set(drawn(id, view).table.rows.map(([model]) => model))).toEqual(new Set(['swift']));
    expect(svgOf(chart(id), view)).not.toContain('broad');
  });

  test('says so when it is logarithmic', () => {
    if (JSON.stringify(drawn(id).option).includes('"type":"log"')) expect(about).toMatch(/log/);
  });

  test.each([300, 800])('has no text outside of its %d pixels', (widthPx) => {
    const svg = svgOf(chart(id), viewOf(reportRun, { widthPx }))!;
    for (const [, x] of svg.matchAll(/<text [^>]*transform="translate\(([\d.-]+) /g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(widthPx);
    }
  });
});

describe('bars', () => {
  test('begin at zero, stand in order, and have the medians and intervals of the trials', () => {
    const [bars] = ofType('throughput', 'bar');
    const [intervals] = ofType('throughput', 'custom');
    expect(drawn('throughput').option).toMatchObject({ xAxis: { type: 'value', min: 0 } });
    const rates = [1000 * 64 ** 0.6, 7000, 800 * 64 ** 0.5];
    expect(bars!.data.map(({ value }) => value)).toEqual(rates);
    expect(intervals!.data.map(({ value }) => value)).toEqual(rates.map((rate, row) => [row, rate * 0.95, rate * 1.1]));
  });

  test('of costs begin with the least', () => {
    expect(drawn('cpu').table.rows.map(([model]) => model)).toEqual(['other', 'swift', 'broad']);
  });

  test('of memory per connection have the slope of those that were measured with few and with many', () => {
    expect(drawn('memory-per-connection').table.rows).toEqual([
      ['broad', '0.0', '0.0 to 0.0', '3'],
      ['swift', '10.2', '10.2 to 10.2', '3'],
    ]);
  });
});

describe('lines', () => {
  test('go through the medians at each number of connections', () => {
    const swift = ofType('scaling', 'line').find(({ name }) => name === 'swift');
    expect(swift?.data.map(({ value }) => value)).toEqual(
      [1, 64, 1001].map((connections) => [connections, 1000 * connections ** 0.6]),
    );
  });

  test('over workers go on, dashed, to twice the most, as the law fitted to them says', () => {
    const dashed = ofType('worker-scaling', 'line').filter(({ name }) => name === 'swift')[1];
    expect(dashed).toMatchObject({ lineStyle: { type: 'dashed' } });
    const [from, to] = dashed!.data.map(({ value }) => value as [number, number]);
    expect(from![0]).toBe(8);
    expect(from![1]).toBeCloseTo(8000 / 1.7, 6);
    expect(to![0]).toBe(16);
    expect(to![1]).toBeCloseTo(16_000 / 2.5, 6);
  });

  test('of latencies over load go through the medians at each rate', () => {
    expect(ofType('load-latency', 'line')[0]?.data.map(({ value }) => value)).toEqual([
      [1000, 1.1e6],
      [4000, 4.4e6],
    ]);
  });

  test('of latencies over load go through the valid steps of searches for the highest rate', () => {
    const step = (askedPerSecond: number, p99Ns: number | null, verdict: 'kept' | 'broken' | 'void') => {
      return { askedPerSecond, achievedPerSecond: askedPerSecond, p50Ns: 1000, p99Ns, verdict };
    };
    const curve = (p99Ns: number) => ({
      slo: { percentile: 'p99' as const, ns: 5e6 },
      points: [step(1000, p99Ns, 'kept'), step(2000, 9e6, 'broken'), step(3000, 1e9, 'void'), step(4000, null, 'broken')],
      kneePerSecond: null,
      ended: { state: 'broken' as const },
    });
    const trials = [1e6, 3e6].map((p99Ns) => measured({ loadCurve: curve(p99Ns) }));
    const run = runOf([cellOf('searched', trials, { workload: 'saturate', knobs: { connections: 64 } })]);
    expect(drawn('load-latency', viewOf(run)).table.rows).toEqual([
      ['searched', 'saturate', '1,000/s', '1,000/s', '1.00 µs', '2.00 ms'],
      ['searched', 'saturate', '2,000/s', '2,000/s', '1.00 µs', '9.00 ms'],
    ]);
  });

  test('of percentiles are dashed from where the latencies are only lower bounds', () => {
    const curve = {
      points: [
        [0.5, 100],
        [0.9, 200],
        [0.99, 5e8],
      ] as [number, number][],
      lowerBoundFrom: 0.99,
    };
    const run = runOf([cellOf('some', [measured({ latencyCurve: curve })], { knobs: { connections: 64 } })]);
    const series = drawn('percentiles', viewOf(run)).option.series as {
      type: string;
      lineStyle: object;
      data: { value: number[] }[];
    }[];
    const [sure, bound] = series.filter(({ type }) => type === 'line');
    expect(sure!.data.map(({ value }) => value[1])).toEqual([100, 200]);
    expect(bound).toMatchObject({
      lineStyle: { type: 'dashed' },
      data: [{ value: [expect.any(Number), 200] }, { value: [expect.any(Number), 5e8] }],
    });
    expect(drawn('percentiles', viewOf(run)).table.rows[0]).toEqual(['some', '100 ns', '200 ns', '≥500 ms', '–', '–']);
  });
});

describe('labels at the ends of lines', () => {
  test('stay where they are while there is room', () => {
    expect(spread([10, 100, 50], 0, 200)).toEqual([10, 100, 50]);
  });

  test('make room for each other, in order, within the limits', () => {
    expect(spread([195, 190, 192], 0, 200)).toEqual([200, 170, 185]);
    expect(spread([0, 0, 0], 0, 20)).toEqual([0, 10, 20]);
  });
});

describe('the connections of a timeline', () => {
  test('count for the worker that handled their first message, once', () => {
    const [, broad] = reportRun.timelines;
    const [trial] = broad!.trials;
    expect(trial?.state === 'measured' && connectionsByWorker(trial.result.timeline!)).toEqual([1, 1]);
  });
});

describe('a palette', () => {
  test('gives each model a colour of its own, the same whatever is shown', () => {
    const palette = viewOf(reportRun).palette;
    const models = [...new Set(reportRun.cells.map(({ model }) => model))];
    expect(new Set(models.map((model) => palette.of(model))).size).toBe(models.length);
  });
});

test('a hostile name stays text in a picture', () => {
  const run = runOf([cellOf(hostile, [measured()], { knobs: { connections: 64 }, kind: 'command' })]);
  for (const one of charts) {
    const svg = svgOf(one, viewOf(run));
    if (svg !== undefined) expect(svg).not.toMatch(/<(script|img|\/script)/i);
  }
  expect(svgOf(chart('throughput'), viewOf(run))).toContain('&lt;/script&gt;');
});
