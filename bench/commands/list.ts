import Table from 'cli-table3';
import type { Command } from 'commander';
import { byName, framingNames } from '../../framing/framing.ts';
import { transports } from '../../loadgen/transport.ts';
import { workloads } from '../../loadgen/workload.ts';
import { apps } from '../../servers/app.ts';
import { models, unavailable } from '../../servers/registry.ts';

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('show models, workloads, framings, apps and transports')
    .option('--json', 'as one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const catalogue = await collect();
      process.stdout.write(json ? `${JSON.stringify(catalogue, null, 2)}\n` : draw(catalogue));
    });
}

interface Entry {
  name: string;
  summary: string;
  /** Why it can't be used on this machine. */
  unavailable?: string;
}

type Catalogue = Record<'models' | 'workloads' | 'framings' | 'apps' | 'transports', Entry[]>;

async function collect(): Promise<Catalogue> {
  const [allModels, allWorkloads, allApps, allTransports] = await Promise.all([
    models.all(),
    workloads.all(),
    apps.all(),
    transports.all(),
  ]);
  return {
    models: allModels.map((model) => {
      const { name, summary, family, source, capabilities } = model;
      return { name, summary, family, source, capabilities, ...reason(unavailable(model)) };
    }),
    workloads: allWorkloads.map(({ name, summary, app, variants }) => ({ name, summary, app, variants })),
    framings: framingNames.map((name) => ({ name, summary: byName(name).summary })),
    apps: allApps.map(({ name, summary }) => ({ name, summary })),
    transports: allTransports.map((each) => ({ name: each.name, summary: each.summary, ...reason(each.unavailable()) })),
  };
}

const reason = (obstacle: string | undefined): { unavailable?: string } =>
  obstacle === undefined ? {} : { unavailable: obstacle };

function draw(catalogue: Catalogue): string {
  return Object.entries(catalogue)
    .map(([kind, entries]) => {
      const table = new Table({ chars: { middle: ' ' }, style: { border: [], head: [], compact: true } });
      for (const { name, summary, unavailable: obstacle } of entries) {
        table.push([name, obstacle === undefined ? summary : `${summary} (not here: ${obstacle})`]);
      }
      return `${kind}\n${table.toString()}\n`;
    })
    .join('\n');
}
