/**
 * Each model is what it says: its threads are watched from outside while clients come and talk, and what is seen must be
 * what its file declares as `evidence`. Who adds a model writes no test.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SleepingCall } from '../../../posix/sleeping-call.ts';
import { models, unavailable } from '../../../servers/registry.ts';
import { DEADLINE_MS } from '../eventually.ts';
import { acceptancesIn, asleepIn, callsBetween, distinct, receiptsIn, serversIn } from './calls.ts';
import { MESSAGES, observe, WORKERS, type Observation } from './observation.ts';
import type { Rest } from './rest.ts';
import { withoutStrace } from './strace.ts';

/** Calls that wait for many sockets at once. */
const polls: readonly SleepingCall[] = ['select', 'poll', 'epoll_wait', 'io_uring_enter'];

describe.concurrent.each(await models.all())('a server of the model $name', (model) => {
  const { servedBy, receivesIn, acceptedBy, acceptsFrom, acceptsIn, idlesIn, handledBy } = model.evidence;
  const obstacle = unavailable(model) ?? withoutStrace;
  let seen: Observation;
  /** Threads. */
  let servers: number[];
  let acceptors: number[];

  beforeAll(async () => {
    if (obstacle !== undefined) return;
    seen = await observe(model);
    servers = serversIn(seen.calls);
    acceptors = distinct(acceptancesIn(seen.calls).map(({ thread }) => thread));
    if (acceptors.length === 0) acceptors = servers; // the kernel does it for the one who waits for completions
  }, 5 * DEADLINE_MS);

  const it = (sentence: string, check: () => void): void =>
    test(sentence, (context) => {
      if (obstacle !== undefined) context.skip(obstacle);
      check();
    });

  it(`serves with ${servedBy}`, () => {
    const seats = model.capabilities.connections === 'many' ? 2 : WORKERS;
    const [least, most] = {
      'one thread': [1, 1] as const,
      'N threads': [seats, WORKERS] as const,
      'N processes': [seats, WORKERS] as const,
      'a thread each': [seen.served, seen.served] as const,
      'a process each': [seen.served, seen.served] as const,
    }[servedBy];
    expect(servers.length).toBeGreaterThanOrEqual(least);
    expect(servers.length).toBeLessThanOrEqual(most);
    const processes = distinct(servers.map((thread) => seen.crowded.processOf.get(thread)));
    expect(processes).toHaveLength(servedBy.includes('process') ? servers.length : 1);
  });

  it(`sleeps in ${receivesIn} until a client sends`, () => {
    expect(asleepIn(seen.calls, servers, seen.crowded)).toEqual(servers.map(() => receivesIn));
  });

  it('does so for each message, and waits in no other way', () => {
    const calls = callsBetween(seen.calls, seen.greeted, seen.talked);
    const [server, ...others] = serversIn(calls);
    const count = (call: SleepingCall): number => calls.filter(({ thread, name }) => thread === server && name === call).length;
    expect(others).toEqual([]);
    expect(count(receivesIn)).toBeGreaterThanOrEqual(MESSAGES);
    for (const poll of polls) if (poll !== receivesIn) expect(count(poll), poll).toBe(0);
  });

  it(`sleeps in ${acceptsIn}${idlesIn ? `, the others in ${idlesIn},` : ''} until a client comes`, () => {
    const [one, ...others] = distinct([...acceptors, ...servers]).filter((thread) => seen.idle.processOf.has(thread));
    expect(one).toBeDefined();
    const expected = [acceptsIn, ...others.map(() => idlesIn ?? acceptsIn)];
    expect(asleepIn(seen.calls, [one!, ...others], seen.idle).toSorted()).toEqual(expected.toSorted());
  });

  it(`accepts with ${acceptedBy === 'one' ? 'one thread for all' : 'whoever serves the connection'}`, () => {
    if (acceptedBy === 'one') {
      expect(acceptors).toHaveLength(1);
      expect(servers.includes(acceptors[0]!)).toBe(servedBy === 'one thread');
    } else {
      const accepted = acceptancesIn(seen.calls).map(({ thread, fd }) => `${thread} ${fd}`);
      const received = receiptsIn(seen.calls).map(({ thread, fd }) => `${thread} ${fd}`);
      expect(accepted).toEqual(expect.arrayContaining(distinct(received)));
      expect(acceptors.length).toBeGreaterThan(1);
    }
  });

  it(`accepts from ${acceptsFrom ?? 'one listening socket'}`, () => {
    expect(seen.listeners).toBe(acceptsFrom === undefined ? 1 : WORKERS);
  });

  it(`makes ${/^a .* each$/.test(servedBy) ? servedBy.replace(' each', '') : 'nothing'} for a connection`, () => {
    const { talked, crowded, served } = seen;
    const processes = ({ processOf }: Rest): number => distinct([...processOf.values()]).length;
    expect(processes(crowded) - processes(talked)).toBe(servedBy === 'a process each' ? served - 1 : 0);
    if (servedBy === 'a process each') return; // which has as many threads as Node.js likes
    expect(crowded.processOf.size - talked.processOf.size).toBe(servedBy === 'a thread each' ? served - 1 : 0);
  });

  it(`handles messages in ${handledBy ?? 'the thread that receives them'}`, () => {
    const { greeted, talked } = seen;
    const usedNs = ([thread, cpuNs]: [number, number]): number => cpuNs - (greeted.cpuNs.get(thread) ?? 0);
    const [busiest] = [...talked.cpuNs].toSorted((a, b) => usedNs(b) - usedNs(a))[0]!;
    const [receiver] = serversIn(callsBetween(seen.calls, greeted, talked));
    expect(busiest === receiver).toBe(handledBy === undefined);
  });
});
