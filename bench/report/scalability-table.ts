import type { Scalability } from '../scalability.ts';
import { formatCount, formatShare } from './format.ts';
import type { TextTable } from './text-table.ts';

/** @param of "connections", "workers" */
export const scalabilityTable = (all: readonly Scalability[], of: string): TextTable => ({
  title: `Throughput against ${of}, as the Universal Scalability Law has it:`,
  heads: ['model', 'one/s', 'contention', 'coherency', 'error', 'peak', `predicted at ${predictedAt(all)}`, 'no law, as'],
  rows: all.map((each) => (each.state === 'fitted' ? [...cells(each), ''] : [each.model, ...Array(6).fill('–'), each.reason])),
  notes: [
    'contention: share of the work that nothing can do beside it. coherency: cost of agreeing.',
    'error: root mean square of the relative residuals. predicted: messages/s by the law, not measured.',
    'peak: where the law has the most messages/s; "~": beyond what was measured.',
  ],
});

const predictedAt = (all: readonly Scalability[]): string =>
  [...new Set(all.flatMap((each) => (each.state === 'fitted' ? each.predicted.n : [])))].map(formatCount).join(', ') || '–';

function cells({ model, law, peak, most, predicted }: Extract<Scalability, { state: 'fitted' }>): string[] {
  return [
    model,
    formatCount(law.single),
    formatShare(law.contention),
    law.coherency === 0 ? '0' : law.coherency.toExponential(1),
    formatShare(law.error),
    peak === Infinity ? 'none' : `${peak > most ? '~' : ''}${formatCount(peak)}`,
    `~${formatCount(predicted.messagesPerSecond)}`,
  ];
}
