import Table from 'cli-table3';
import type { LoadResult } from '../../loadgen/result.ts';
import { conditions } from '../../loadgen/validity.ts';
import { formatCount, formatLatency, formatMiB, formatMicroseconds, formatNs } from './format.ts';

/** One run of the load generator for a person. */
export function loadReport(result: LoadResult): string {
  const { latencyNs, connections, errors, failures, server, options } = result;
  const latency = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map((name) => {
    const ns = latencyNs[name];
    return formatLatency(ns === null ? undefined : { ns, lowerBound: latencyNs.lowerBounds.includes(name) });
  });
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(
    [
      'messages/s',
      `${formatCount(result.messagesPerSecond)}  (${formatCount(result.messages)} in ${(result.durationMs / 1000).toFixed(2)} s)`,
    ],
    ['latency', `p50 ${latency[0]}   p90 ${latency[1]}   p99 ${latency[2]}   p99.9 ${latency[3]}   max ${latency[4]}`],
    ['', `mean ${formatNs(latencyNs.mean)}, ${formatCount(latencyNs.count)} samples`],
    ['connections', `${connections.served} served of ${connections.opened}, fairness ${result.fairness.toFixed(3)}`],
    ['wrong replies', inWords(errors)],
    ['broken connections', inWords(failures)],
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
  const warnings = result.warnings.map(({ code, remedy }) => `warning ${code}: ${conditions[code].meaning}; ${remedy}`);
  return [table.toString(), ...warnings].join('\n');
}

function inWords(kinds: object): string {
  const found = Object.entries(kinds).filter(([, count]) => count > 0);
  return found.length === 0 ? 'none' : found.map(([kind, count]) => `${count} ${kind}`).join(', ');
}
