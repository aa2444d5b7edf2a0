import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../errors/sockbench-error.ts';
import type { RunningServer } from './model.ts';
import { ProcessGroup, type MemberProcess } from './process-group.ts';
import type { Service } from './service.ts';

/** How long after the end of a process a new one takes its place: one that can't live must not keep the machine busy. */
const REPLACEMENT_DELAY_MS = 100;

/** `service.workers` processes, made by `fork`, and a new one for each that dies. */
export async function startPreforked(service: Service, fork: () => MemberProcess): Promise<RunningServer> {
  const group = new ProcessGroup(service);
  let stopping = false;
  const add = (): Promise<number> => {
    const { serving, gone } = group.add(fork);
    void gone.then(replace);
    return serving;
  };
  async function replace(): Promise<void> {
    await delay(REPLACEMENT_DELAY_MS);
    if (stopping) return;
    await add().catch((error: unknown) => process.stderr.write(`process not replaced yet: ${describeError(error)}\n`));
  }
  const ports = await Promise.all(Array.from({ length: service.workers }, add)).catch((error: unknown) => {
    stopping = true;
    group.kill();
    throw error;
  });
  return {
    port: ports[0]!,
    stop() {
      stopping = true;
      return group.stop();
    },
  };
}
