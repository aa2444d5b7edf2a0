import { scalabilityOf, type Scalability } from '../../scalability.ts';
import type { SweptKnob } from '../../sweeps.ts';
import { formatCount, formatRate, formatShare } from '../format.ts';
import { sweepInView, type Chart, type Row } from './chart.ts';
import { numberAxis } from './frame.ts';
import { lines, type Line, type Point } from './lines.ts';

export const scaling = scalingChart('scaling', 'connections', 'connections', 'connections');
export const workerScaling = scalingChart('worker-scaling', 'workers', 'serverWorkers', 'workers');

/**
 * @param of what the knob counts, in words
 * @param workload that has it in several values
 */
function scalingChart(id: string, of: string, knob: SweptKnob, workload: string): Chart {
  return {
    id,
    title: `Throughput against ${of}`,
    about: `Median messages per second of each model at each number of ${of}, with its interval. The ${of} are on a log scale, the rate begins at zero. Dashed is a prediction: where the Universal Scalability Law, fitted to at least four points, goes on beyond what was measured.`,
    draw(view) {
      const [name, rows] = sweepInView(view, knob) ?? [];
      if (name === undefined || rows === undefined) {
        const reason = `This run has no workload at several numbers of ${of}, or the filter leaves none.`;
        return { state: 'absent', reason, command: `npm run bench -- --workloads ${workload}` };
      }
      const xAxis = { ...numberAxis(view.theme, of, String, { log: true, lines: false }), min: 1 };
      const yAxis = numberAxis(view.theme, `messages per second, ${name}`, formatRate, { above: true });
      const ordered = rows.toSorted((a, b) => a.cell.knobs[knob]! - b.cell.knobs[knob]!);
      const laws = scalabilityOf(
        rows.map(({ cell }) => cell),
        knob,
      );
      return {
        state: 'drawn',
        option: lines(linesOf(ordered, laws, knob, of), view, { xAxis, yAxis }),
        heightPx: 340,
        table: {
          caption: `Messages per second against ${of}, ${name}`,
          heads: ['model', of, 'messages/s', 'interval', 'served'],
          rows: ordered.toSorted((a, b) => a.model.localeCompare(b.model)).map((row) => [row.model, ...cells(row, knob)]),
        },
      };
    },
  };
}

function cells({ cell, summary: { messagesPerSecond, interval, trials, connections } }: Row, knob: SweptKnob): string[] {
  const range = trials > 1 ? `${formatCount(interval.low)} to ${formatCount(interval.high)}` : '–';
  return [String(cell.knobs[knob]), formatCount(messagesPerSecond), range, `${connections.served} of ${connections.opened}`];
}

function linesOf(rows: readonly Row[], laws: readonly Scalability[], knob: SweptKnob, of: string): Line[] {
  return [...new Set(rows.map(({ model }) => model))].map((model) => ({
    model,
    points: [
      ...rows.filter((row) => row.model === model).map((row) => measuredPoint(row, knob, of)),
      ...laws.flatMap((law) => (law.model === model && law.state === 'fitted' ? predictedPoint(law, of) : [])),
    ],
  }));
}

function measuredPoint(row: Row, knob: SweptKnob, of: string): Point {
  const [n, rate, range, served] = cells(row, knob);
  const { messagesPerSecond, interval, trials } = row.summary;
  return {
    x: row.cell.knobs[knob]!,
    y: messagesPerSecond,
    ...(trials > 1 && { low: interval.low, high: interval.high }),
    hint: [
      [of, n!],
      ['messages/s', rate!],
      ['interval', range!],
      ['served', served!],
    ],
  };
}

function predictedPoint({ predicted, law }: Extract<Scalability, { state: 'fitted' }>, of: string): Point {
  return {
    x: predicted.n,
    y: predicted.messagesPerSecond,
    bound: true,
    hint: [
      [of, formatCount(predicted.n)],
      ['predicted, not measured', `${formatCount(predicted.messagesPerSecond)}/s`],
      ['error of the fit', formatShare(law.error)],
    ],
  };
}
