import type { Command } from 'commander';
import Table from 'cli-table3';
import { advise, type Advice } from '../advise.ts';
import { formatCount } from '../report/format.ts';
import { printable } from '../report/printable.ts';
import { share, timeNs, wholeNumber } from './option-values.ts';

interface AdviseFlags {
  connections: number;
  active: number;
  work: number;
  fanOut: number;
  results: string;
  json?: true;
}

export function addAdviseCommand(program: Command): void {
  program
    .command('advise')
    .description('which models suit a service, estimated from the rows that you have measured')
    .option('--connections <number>', 'clients that are connected', wholeNumber('--connections', 1), 64)
    .option('--active <share>', 'share of them that are busy at once: 2%, 0.02', share('--active'), 1)
    .option('--work <time>', 'CPU time of a message: 50us, 2ms', timeNs('--work'), 0)
    .option('--fan-out <number>', 'how many clients hear of each message', wholeNumber('--fan-out', 1), 1)
    .option('--results <file>', 'a results file', 'results/latest.json')
    .option('--json', 'as one JSON object')
    .action(async ({ connections, active, work, fanOut, results, json }: AdviseFlags) => {
      const { readRun } = await import('../results-folder.ts');
      const advice = advise(readRun(results), { connections, activeShare: active, workNs: work, fanOut });
      process.stdout.write(json ? `${JSON.stringify(advice, null, 2)}\n` : draw(advice));
    });
}

function draw({ suitable, unsuitable, notMeasured }: Advice): string {
  const table = new Table({ head: ['model', 'messages/s', 'estimated from'], style: { head: [], border: [], compact: true } });
  for (const { model, messagesPerSecond, reason } of suitable) table.push([model, `~${formatCount(messagesPerSecond)}`, reason]);
  const lines = [
    ...(suitable.length === 0 ? ['No measured model suits.'] : [table.toString()]),
    ...unsuitable.map(({ model, reason }) => `not ${model}: ${reason}`),
    ...notMeasured.map((what) => `not measured: ${what}`),
  ];
  return printable(`${lines.join('\n')}\n`);
}
