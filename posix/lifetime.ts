import { dieWithParent } from './process.ts';

const STARTER = 'SOCKBENCH_STARTER_PID';

/** Environment for a child that is to end when this process does, however it ends. */
export const starterEnvironment = (pid = process.pid): Record<string, string> => ({ [STARTER]: String(pid) });

/** Ties this process to the one that started it, if that one asked for it. */
export function dieWithStarter(): void {
  const starter = process.env[STARTER];
  if (starter !== undefined) dieWithParent(Number(starter));
}
