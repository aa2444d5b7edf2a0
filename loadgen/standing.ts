// One load generator process that keeps its connections: each message on its IPC channel is a measurement, answered by
// its result. It ends with the channel. The gate measures with it: loads that alternate between servers many times a second.
import { describeError } from '../errors/sockbench-error.ts';
import { dieWithStarter } from '../posix/lifetime.ts';
import type { LoadOptions } from './options.ts';
import type { LoadResult } from './result.ts';
import { StandingLoad, type StandingTarget } from './standing-load.ts';

/** What is asked for, the next only after the answer: a measurement, or to close all connections. */
export type StandingRequest = 'leave' | { server: StandingTarget; options: Partial<LoadOptions> };

export type StandingAnswer = { result: LoadResult } | { error: string } | { left: true };

dieWithStarter();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // whoever started it sees to the end

const load = new StandingLoad();

async function answer(request: StandingRequest): Promise<StandingAnswer> {
  try {
    if (request !== 'leave') return { result: await load.measure(request.server, request.options) };
    load.leave();
    return { left: true };
  } catch (error) {
    return { error: describeError(error) };
  }
}

process.on('message', (request: StandingRequest) => {
  void answer(request).then((answered) => process.send!(answered));
});
process.once('disconnect', () => load.end());
