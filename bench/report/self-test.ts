import Table from 'cli-table3';
import { metrics } from '../gate/metrics.ts';
import { formatShare } from './format.ts';
import type { Noise } from '../gate/noise.ts';
import type { Point, Rate } from '../gate/operating-curve.ts';
import type { SelfTest } from '../gate/self-test.ts';

const style = { head: [], border: [], compact: true };

/** The gate's operating curve on this machine, and the noise that it comes from, for a person. */
export function selfTestReport({ equal, gates }: SelfTest, points: readonly Point[], noise: readonly Noise[]): string {
  const blocks = [...equal, ...gates.flatMap((gate) => gate.blocks)];
  const dropped = blocks.filter((block) => block.dropped !== undefined);
  const disturbed = `${dropped.length} of ${blocks.length} blocks dropped, because the machine was disturbed.`;
  return [
    ...noiseTable(noise),
    disturbed,
    '',
    ...(points.length === 0 ? ['No whole gate was within the budget.'] : curveTable(points)),
  ].join('\n');
}

function noiseTable(noise: readonly Noise[]): string[] {
  if (noise.length === 0) return ['Of the noise nothing is known: no server has two blocks to compare.'];
  const table = new Table({ head: ['server', 'metric', 'deviation', 'of blocks', 'screen', 'confirm'], style });
  for (const { model, metric, deviation, measured, needed } of noise)
    table.push([model, metrics[metric].title, formatShare(deviation), measured, needed.screen, needed.confirm]);
  const most = (stage: 'screen' | 'confirm'): number => Math.max(...noise.map(({ needed }) => needed[stage]));
  return [
    'Noise: standard deviation of the log ratios of equal servers, between blocks; and how many blocks settle 5 % in 95 of 100 cases.',
    table.toString(),
    `For the noisiest row: --blocks ${most('screen')},${most('confirm')}`,
  ];
}

function curveTable(points: readonly Point[]): string[] {
  const table = new Table({
    head: ['injected', 'measured', 'gates', 'alarms', 'rate', 'resampled', 's a gate', 'verdicts'],
    style,
  });
  for (const point of points) {
    table.push([
      formatShare(point.effect),
      point.measuredEffect === null ? '–' : formatShare(point.measuredEffect),
      point.gates,
      point.alarms,
      bound(point, point.effect),
      point.resampled === null
        ? '–'
        : `${point.resampled.alarms} of ${point.resampled.gates}, ${bound(point.resampled, point.effect)}`,
      (point.meanDurationMs / 1000).toFixed(0),
      Object.entries(point.verdicts)
        .map(([verdict, count]) => `${count} ${verdict}`)
        .join(', '),
    ]);
  }
  return [
    table.toString(),
    'gates: those that were valid. rate: with 95 % confidence (Clopper-Pearson). measured: the injected share as CPU time per message shows it.',
    'resampled: synthetic gates, drawn with replacement from the blocks of the real ones; no new measurements, and no surer than these.',
  ];
}

const bound = ({ atLeast, atMost }: Rate, effect: number): string =>
  effect === 0 ? `at most ${formatShare(atMost)}` : `at least ${formatShare(atLeast)}`;
