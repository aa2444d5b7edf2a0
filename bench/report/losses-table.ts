import type { Loss } from '../result.ts';
import type { TextTable } from './text-table.ts';

/** What became of the clients of each model when one of its processes was killed. */
export const lossesTable = (losses: readonly Loss[]): TextTable => ({
  title: 'When a process of the server is killed:',
  heads: ['model', 'clients', 'served on', 'lost', 'served again', 'processes', 'reason'],
  rows: losses.map((loss) => {
    if (loss.state !== 'measured') return [loss.model, '–', '–', '–', '–', '–', `${loss.state}: ${loss.reason}`];
    const { model, connections, servedOn, lost, servedAgain, processes } = loss;
    const clients = [connections, servedOn, lost, servedAgain].map(String);
    return [model, ...clients, `${processes.before} → ${processes.after}`, ''];
  }),
  notes: [
    'served on: clients whose connections live, and who are answered. served again: those who were lost, and came again.',
    'processes: before, and when they had come again. Of a server that is one process, that one is killed.',
  ],
});
