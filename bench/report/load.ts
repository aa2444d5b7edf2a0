import Table from 'cli-table3';
import type { LoadCurve } from '../../loadgen/load-curve.ts';
import type { Measure } from '../../loadgen/measures.ts';
import type { Latency, LoadResult, Offered } from '../../loadgen/result.ts';
import { conditions } from '../../loadgen/validity.ts';
import { formatCount, formatKinds, formatLatency, formatMeasure, formatMiB, formatMicroseconds, formatNs } from './format.ts';
import { printable } from './printable.ts';

/** One run of the load generator for a person. */
export function loadReport(result: LoadResult): string {
  const { latencyNs, serviceTimeNs, sendLagNs, offered, connections, errors, failures, server, options } = result;
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(
    [
      'messages/s',
      `${formatCount(result.messagesPerSecond)}  (${formatCount(result.messages)} in ${(result.durationMs / 1000).toFixed(2)} s)`,
    ],
    [offered === undefined ? 'latency' : 'response time', percentiles(latencyNs)],
    ['', `mean ${formatNs(latencyNs.mean)}, ${formatCount(latencyNs.count)} samples`],
    ...(serviceTimeNs === undefined ? [] : [['service time', percentiles(serviceTimeNs)]]),
    ...(sendLagNs === undefined ? [] : [['send lag', percentiles(sendLagNs)]]),
    ...(offered === undefined ? [] : [['offered', offer(offered)]]),
    ['connect time', percentiles(result.connectTimeNs)],
    ...Object.values(result.measures).map((measure) => [measure.meaning, measureInWords(measure)]),
    ['connections', `${connections.served} served of ${connections.opened}, fairness ${result.fairness.toFixed(3)}`],
    ['wrong replies', formatKinds(errors) || 'none'],
    ['broken connections', formatKinds(failures) || 'none'],
    ['unanswered', formatCount(result.unanswered)],
    [
      'client',
      `${formatMicroseconds(result.cpuNsPerMessage)} µs CPU a message, busy ${(result.clientBusy * 100).toFixed(0)} %, ${options.transport}`,
    ],
  );
  if (server !== undefined) {
    const { cpuNsPerMessage, busyCpus, peakMemoryBytes, processes } = server;
    const cpu = `${formatMicroseconds(cpuNsPerMessage)} µs CPU a message, ${busyCpus.toFixed(2)} CPUs busy`;
    table.push(['server', `${cpu}, peak ${formatMiB(peakMemoryBytes)} MiB, ${processes} process${processes === 1 ? '' : 'es'}`]);
  }
  table.push(['verdict', verdict(result)]);
  const warnings = result.warnings.map(({ code, remedy }) => {
    const kind = conditions[code].invalidates && !options.allow.includes(code) ? 'NOT VALID' : 'warning';
    return `${kind} ${code}: ${conditions[code].meaning}; ${remedy}`;
  });
  const curve = result.loadCurve === undefined ? [] : [curveTable(result.loadCurve)];
  return printable([table.toString(), ...curve, ...warnings].join('\n'));
}

const verdictsInWords = { kept: 'kept', broken: 'broken', void: 'not valid' };

function curveTable({ points, ended }: LoadCurve): string {
  const table = new Table({
    head: ['asked/s', 'achieved/s', 'p50', 'p99', 'target'],
    colAligns: ['right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { askedPerSecond, achievedPerSecond, p50Ns, p99Ns, verdict: fate } of points) {
    const latencies = [p50Ns, p99Ns].map((ns) => (ns === null ? '–' : formatNs(ns)));
    table.push([formatCount(askedPerSecond), formatCount(achievedPerSecond), ...latencies, verdictsInWords[fate]]);
  }
  const reason =
    ended.state === 'invalid' ? [`The search ended at ${formatCount(ended.perSecond)}/s: ${ended.because.join(', ')}.`] : [];
  return [table.toString(), ...reason].join('\n');
}

function percentiles(latency: Latency): string {
  const figures = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map((name) => {
    const ns = latency[name];
    return formatLatency(ns === null ? undefined : { ns, lowerBound: latency.lowerBounds.includes(name) });
  });
  return `p50 ${figures[0]}   p90 ${figures[1]}   p99 ${figures[2]}   p99.9 ${figures[3]}   max ${figures[4]}`;
}

function verdict({ verdict: who, ceiling, messagesPerSecond, gcPauses }: LoadResult): string {
  const share =
    ceiling === undefined ? '' : `, ${((messagesPerSecond * 100) / ceiling).toFixed(0)} % of the ceiling ${formatCount(ceiling)}/s`;
  const [longest] = gcPauses.longest;
  const pauses = longest === undefined ? '' : `, ${gcPauses.count} GC pauses up to ${longest.durationMs.toFixed(1)} ms`;
  return `${who}${share}${pauses}`;
}

function offer({ messages, messagesPerSecond, sent, held }: Offered): string {
  const fate = sent === messages ? 'all sent' : `${formatCount(sent)} sent`;
  return `${formatCount(messagesPerSecond)}/s, ${fate}${held === 0 ? '' : `, ${formatCount(held)} held back by a full or closed connection`}`;
}

function measureInWords(measure: Measure): string {
  if (measure.kind === 'latency') return percentiles(measure.latencyNs);
  return formatMeasure(measure.kind, measure.value);
}
