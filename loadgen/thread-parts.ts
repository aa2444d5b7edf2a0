import { readFileSync } from 'node:fs';
import { byName } from '../framing/framing.ts';
import { acceptance } from './acceptance.ts';
import { Connections, type ConnectionsPlan } from './connections.ts';
import type { ExchangeContext } from './exchange.ts';
import type { LoopParts } from './loop-parts.ts';
import type { CompleteOptions } from './options.ts';
import { PaceSet } from './pace-set.ts';
import { paces } from './paces/by-name.ts';
import { Payloads } from './payloads.ts';
import type { RecorderSet } from './recorder-set.ts';
import type { SampleWindow } from './requests.ts';
import type { StartLine } from './start-line.ts';
import { newTally } from './tally.ts';
import { assignRoles, type Role, type Workload } from './workload.ts';

/** What all threads share, and what this one has of it. */
export interface ThreadShare {
  connections: ConnectionsPlan;
  startLine: StartLine;
  finishLine: StartLine;
  recorders: RecorderSet;
  shared: SharedArrayBuffer;
}

/** Everything that a thread's loop works on, made from the workload's description. */
export function threadParts(workload: Workload, options: CompleteOptions, share: ThreadShare): LoopParts {
  const { recorders, startLine, finishLine } = share;
  const { slots, firstSlot, totalSlots } = share.connections;
  const framing = byName(options.framing, { sizeBytes: options.sizeBytes, limitBytes: Math.max(options.sizeBytes, 1 << 20) });
  const message = options.payload === undefined ? undefined : readFileSync(options.payload);
  const window: SampleWindow = { fromNs: 0, untilNs: Infinity };
  const tally = newTally();
  for (const counter of workload.counters ?? []) tally.counters[counter] = 0;
  const context: ExchangeContext = {
    framing,
    payloads: new Payloads(framing, options.sizeBytes, workload.replyTo(options), message),
    accepts: acceptance(options.expect),
    recorder: recorders.responseTime,
    histograms: recorders,
    tally,
    window,
    depth: options.pipelining,
    totalSlots,
    shared: share.shared,
  };
  const roles = workload.roles(options);
  const contexts = roles.map(({ pace }) => ({ ...context, ...(paces[pace].planned && { serviceTime: recorders.serviceTime }) }));
  const assigned = assignRoles(roles, totalSlots);
  const mine = Array.from(assigned.subarray(firstSlot, firstSlot + slots));
  const exchanges = mine.map((role, slot) => roles[role]!.exchange(contexts[role]!, firstSlot + slot));
  const connections = new Connections(share.connections, exchanges, tally);
  const senders = scheduledSlots(roles, assigned);
  const spec = { rate: options.rate ?? 0, arrivals: options.arrivals, seed: options.seed, senders: senders.length };
  const byRole = roles.map(({ pace }, role) => {
    const ownSlots = [...mine.keys()].filter((slot) => mine[slot] === role);
    const numbers = ownSlots.map((slot) => senders.indexOf(firstSlot + slot));
    const { responseTime: recorder, sendLag } = recorders;
    return paces[pace].create(connections, ownSlots, { spec, senders: numbers, window, tally, recorder, sendLag });
  });
  return {
    connections,
    paces: new PaceSet(mine.map((role) => byRole[role]!)),
    startLine,
    finishLine,
    window,
    recorders,
    tally,
  };
}

/** The connections that send at planned times, over all threads. */
const scheduledSlots = (roles: readonly Role[], assigned: Uint8Array): number[] =>
  Array.from(assigned.keys()).filter((slot) => paces[roles[assigned[slot]!]!.pace].planned);
