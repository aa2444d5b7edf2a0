// What the bench itself adds to, or takes from, what a user measures by hand.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ServerCommand } from '../loadgen/command.ts';
import { workloads } from '../loadgen/workload.ts';
import { withAffinity } from '../posix/process.ts';
import { serviceDefaults } from '../servers/service.ts';
import { pace } from './commands/run.ts';
import type { Figure } from './compared.ts';
import { planCells } from './plan.ts';
import { runTrial } from './runner.ts';
import { chooseSubjects } from './subjects.ts';

const compiled = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const { model } = serviceDefaults;
const framing = 'length';

/** A trial as `npm run bench` has it. */
async function benchRow(): Promise<number> {
  const [cell] = planCells(await chooseSubjects({ models: [model], references: false }), [await workloads.load('echo')]);
  const outcome = await runTrial(cell!, { framing, ...pace.default }, new AbortController().signal);
  if (outcome.state !== 'measured') throw new Error(outcome.reason);
  return outcome.result.messagesPerSecond;
}

/** The same server, as fresh and on the same CPU, and a command as a user types it. */
async function byHand(): Promise<number> {
  const server = new ServerCommand([process.execPath, compiled('servers/main.js'), JSON.stringify({ model, framing })], [0]);
  try {
    const { port } = await server.ready(5000);
    const times = `-d ${pace.default.durationMs}ms --warmup ${pace.default.warmupMs}ms`;
    const words = `load 127.0.0.1:${port} --framing ${framing} -c 64 ${times} --json`.split(' ');
    const load = withAffinity([1], () => spawn(process.execPath, [compiled('bench/cli.js'), ...words]));
    return (JSON.parse(await text(load.stdout)) as { messagesPerSecond: number }).messagesPerSecond;
  } finally {
    await server.stop();
  }
}

export const overhead: Figure = {
  title: `a row of the bench / the same with sockbench load by hand, ${model}`,
  bar: 0.9,
  measured: benchRow,
  yardstick: byHand,
};
