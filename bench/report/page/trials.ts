import { titleOf } from '../../plan.ts';
import type { DataTable } from '../charts/chart.ts';
import type { CellResult, RunResult } from '../../result.ts';
import { formatCount } from '../format.ts';
import { element } from './elements.ts';
import { tableOf, unfolding } from './tables.ts';

/** Where the trials of a workload stand in the page. */
export const anchorOf = ({ cells, timelines }: RunResult, title: string): string =>
  `trials-${[...cells, ...timelines].findIndex((cell) => titleOf(cell) === title)}`;

/** Every trial that the run has kept, a table a workload, as raw numbers. */
export function trialTables(run: RunResult, shows: (model: string) => boolean, opened: string): HTMLElement[] {
  const all = [...run.cells, ...run.timelines].filter(({ model }) => shows(model));
  const titles = [...new Set(all.map(titleOf))];
  return titles.map((title) => {
    const cells = all.filter((cell) => titleOf(cell) === title);
    const make = (): Node[] => [tableOf(trialsOf(title, cells)), ...cells.flatMap(eventsOf)];
    return unfolding(title, make, { id: anchorOf(run, title), open: title === opened });
  });
}

const whole = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : formatCount(value));

function trialsOf(title: string, cells: readonly CellResult[]): DataTable {
  return {
    caption: `Trials of ${title}. Latencies and CPU time in ns, memory in bytes.`,
    heads: [
      'model',
      'trial',
      'messages/s',
      'messages',
      'p50',
      'p90',
      'p99',
      'p99.9',
      'max',
      'CPU',
      'memory',
      'served',
      'says against itself',
    ],
    rows: cells.flatMap(({ model, trials }) =>
      trials.map((trial, index) => {
        if (trial.state !== 'measured') return [model, String(index + 1), `${trial.state}: ${trial.reason}`];
        const { messagesPerSecond, messages, latencyNs, server, connections, warnings } = trial.result;
        const { p50, p90, p99, p999, max } = latencyNs;
        return [
          model,
          String(index + 1),
          ...[messagesPerSecond, messages, p50, p90, p99, p999, max, server?.cpuNsPerMessage, server?.peakMemoryBytes].map(whole),
          `${connections.served} of ${connections.opened}`,
          warnings.map(({ code }) => code).join(', '),
        ];
      }),
    ),
  };
}

/** The messages of a trial that kept them. */
function eventsOf({ model, trials }: CellResult): HTMLElement[] {
  return trials.flatMap((trial) => {
    const timeline = trial.state === 'measured' ? trial.result.timeline : undefined;
    if (timeline === undefined) return [];
    const table: DataTable = {
      caption: `Messages of ${model}. Times in ns since the first was sent.`,
      heads: ['client', 'connection', 'sent', 'begun', 'ended', 'answered', 'process', 'thread'],
      rows: timeline.messages.map(({ slot, connection, sentNs, answer }) => {
        const worker = answer === null ? undefined : timeline.workers[answer.worker];
        const times = [sentNs, answer?.begunNs, answer?.endedNs, answer?.answeredNs].map(whole);
        return [String(slot + 1), String(connection + 1), ...times, String(worker?.pid ?? '–'), String(worker?.threadId ?? '–')];
      }),
    };
    return [unfolding(`Every message of ${model}`, () => [tableOf(table)])];
  });
}

/** The results file itself, to be read or saved. */
export function resultsFile(run: RunResult): HTMLElement {
  const text = (): string => JSON.stringify(run, null, 1);
  const save = element('button', { type: 'button' }, 'Save as results.json');
  save.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([text()], { type: 'application/json' }));
    element('a', { href: url, download: 'results.json' }).click();
    URL.revokeObjectURL(url);
  });
  const shown = unfolding('Show it here', () => [element('pre', { tabindex: '0', 'aria-label': 'The results file' }, text())]);
  return element('div', { class: 'file' }, save, shown);
}
