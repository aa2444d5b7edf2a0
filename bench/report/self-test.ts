import Table from 'cli-table3';
import { metrics } from '../gate/metrics.ts';
import type { Point, Spread } from '../gate/operating-curve.ts';
import { inPercent } from '../gate/rule.ts';

/** The gate's operating curve on this machine, for a person. */
export function selfTestReport(points: readonly Point[], spreads: readonly Spread[]): string {
  const style = { head: [], border: [], compact: true };
  const curve = new Table({
    head: ['injected', 'measured', 'gates', 'alarms', 'rate is', 'resampled', 's a gate', 'verdicts'],
    style,
  });
  for (const point of points) {
    curve.push([
      inPercent(point.effect),
      point.measuredEffect === null ? '–' : inPercent(point.measuredEffect),
      point.valid,
      point.alarms,
      point.effect === 0 ? `at most ${inPercent(point.atMost)}` : `at least ${inPercent(point.atLeast)}`,
      point.resampledAlarms === null ? '–' : inPercent(point.resampledAlarms),
      (point.meanDurationMs / 1000).toFixed(0),
      Object.entries(point.verdicts)
        .map(([verdict, count]) => `${count} ${verdict}`)
        .join(', '),
    ]);
  }
  const noise = new Table({ head: ['server', 'metric', 'deviation', 'blocks'], style });
  for (const { model, metric, deviation, blocks } of spreads)
    noise.push([model, metrics[metric].title, inPercent(deviation), blocks]);
  return [
    curve.toString(),
    'gates: those that were valid. rate is: with 95 % confidence (Clopper-Pearson). measured: the injected share as CPU time per message shows it.',
    'resampled: alarms among 1000 synthetic gates drawn with replacement from the blocks of the real ones; no new measurements.',
    'Noise between blocks of equal servers:',
    noise.toString(),
  ].join('\n');
}
