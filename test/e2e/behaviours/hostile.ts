import { expect } from 'vitest';
import { conducts } from '../../../bench/hostile-peers.ts';
import { treeUsage } from '../../../loadgen/process-tree.ts';
import { cutFrame, overLimit } from '../bad-frames.ts';
import { hasEngineEach, type Behaviour, type Combination } from '../behaviour.ts';
import type { TestClient } from '../client.ts';
import { expectSame } from '../payload.ts';
import { withoutProc } from '../process-tree.ts';
import { withoutSignals } from '../signals.ts';
import type { Subject } from '../subject.ts';
import { full } from '../thoroughness.ts';

/** So long that even a busy machine serves the others in less. */
const FRAME_MS = 1500;
const IDLE_MS = 3000;
const DRIP_MS = 20;
const STUBBORN_DRAIN_MS = 50;
const RESETS_AT_ONCE = 20;
const EMPTY_AT_ONCE = 20_000;
/** 100 resets and 100,000 empty messages; where each costs the model an engine, or the way to another thread, that is enough in the long run, too. */
const ROUNDS = 5;
const LONG_ROUNDS = full ? 50 : ROUNDS;
const LIMIT_BYTES = 4096;
/** What a stream announces, or holds, that never ends: 4 GiB less a byte is the most that a length header can say. */
const ENDLESS_BYTES: Readonly<Record<string, number>> = { length: 2 ** 32 - 2, line: 1 << 20 };

/** So many peers of each kind at once; fewer where a peer takes a seat from the others. */
const PEERS = 4;
const URGENT_ROUNDS = 10;
const PENDING_BYTES = 1 << 20;
/** What a peer may cost: output that waits, as much again in hand or being copied, and what was read at once. */
const PEER_BYTES = 2 * PENDING_BYTES + (1 << 20);
/** With an engine of its own. */
const ENGINE_BYTES = 64 << 20;
/** What V8 lets lie before it collects: three semi-spaces of 16 MiB, and as much in buffers. */
const GARBAGE_BYTES = 96 << 20;

/** Time and places know nothing of what is in a message. */
const once = ({ app, framing }: Combination): boolean => app.name === 'echo' && framing === 'length';

/** What clients do who mean harm, or are broken. */
export const hostile: Behaviour[] = [
  {
    sentence: 'closes a client that never finishes its message, though it sends a byte now and then, and serves others',
    appliesTo: once,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ frameMs: FRAME_MS });
      const loris = await subject.served(server);
      const frame = cutFrame(subject.framing, loris.compose(1)[0]!);
      let at = 0;
      const drip = setInterval(() => void loris.write(frame.subarray(at, (at += 1))).catch(() => {}), DRIP_MS);
      await loris.dropped().finally(() => clearInterval(drip));
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.closed).toMatchObject({ slow: 1, idle: 0, framing: 0, app: 0 });
    },
  },
  {
    sentence: 'closes a client of whom nothing comes, and serves others',
    appliesTo: once,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ idleMs: IDLE_MS });
      await (await subject.served(server)).dropped();
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.closed).toMatchObject({ slow: 0, idle: 1, framing: 0, app: 0 });
    },
  },
  {
    sentence: 'serves others after empty messages by the hundred thousand, and after one that is announced as 4 GiB or never ends',
    appliesTo: ({ app, framing }) => app.name === 'echo' && framing in overLimit,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ messageBytes: LIMIT_BYTES });
      const chatterbox = await subject.connect(server);
      const empty = Array<Buffer>(EMPTY_AT_ONCE).fill(Buffer.alloc(0));
      const rounds = subject.combination.model.evidence.handledBy === undefined ? LONG_ROUNDS : ROUNDS;
      for (let round = 0; round < rounds; round += 1) {
        await chatterbox.send(empty);
        expect((await chatterbox.receive(EMPTY_AT_ONCE)).every(({ length }) => length === 0)).toBe(true);
      }
      await chatterbox.leave();
      const endless = await subject.connect(server);
      await endless.write(overLimit[subject.framing.name]!(ENDLESS_BYTES[subject.framing.name]!));
      await endless.dropped();
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.closed).toMatchObject({ framing: 1, app: 0 });
    },
  },
  {
    sentence:
      'serves others, in bounded memory, beside random bytes, half-open peers, urgent data, resets, and peers who never read',
    appliesTo: ({ app }) => app.name === 'echo',
    obstacle: withoutProc,
    async check(subject) {
      const { resets, ...lasting } = conducts;
      const limits = { messageBytes: LIMIT_BYTES, pendingBytes: PENDING_BYTES, drainMs: STUBBORN_DRAIN_MS };
      const server = await subject.start({ ...limits, sizeBytes: LIMIT_BYTES });
      const rounds = hasEngineEach(subject.combination.model) ? ROUNDS : LONG_ROUNDS;
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all(Array.from({ length: RESETS_AT_ONCE }, () => subject.harass(server, resets)));
        await (await subject.served(server)).leave();
      }
      const beforeBytes = memoryBytes(server.pid);
      const guests = subject.seats > 1 ? [await subject.served(server)] : [];
      const several = Array.from({ length: Math.min(subject.seats, PEERS) }, () => Object.values(lasting)).flat();
      const peers = await Promise.all(several.map((conduct) => subject.harass(server, conduct)));
      for (const guest of guests) await exchangeAroundUrgentData(subject, guest);
      const newcomer = await subject.connect(server);
      if (subject.seats < Infinity) for (const peer of peers) peer.destroy(); // each may have kept a seat
      await exchangeAroundUrgentData(subject, newcomer);
      await server.rests(); // until everybody is stuck who can be
      expect(memoryBytes(server.pid)).toBeLessThan(beforeBytes + peers.length * bytesPerPeer(subject) + GARBAGE_BYTES);
      for (const guest of [...guests, newcomer]) await exchangeAroundUrgentData(subject, guest);
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.closed).toMatchObject({ app: 0, refused: 0, idle: 0, slow: 0 });
    },
  },
  {
    sentence: 'closes a client beyond the most that may be open, and serves another when one has left',
    appliesTo: (combination) => once(combination) && combination.model.capabilities.connections === 'many',
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ connections: 2 });
      const first = await subject.served(server);
      const others = [await subject.connect(server), await subject.connect(server)];
      await Promise.race(others.map((client) => client.dropped()));
      await subject.exchange(first);
      await first.leave();
      await subject.newcomerServed(server);
    },
  },
];

/** Peaks, so that nothing is missed between two looks. */
const memoryBytes = (pid: number): number => treeUsage(pid)!.peakMemoryBytes;

/** Limits that the server was given, times what it may copy; without limits it would hold all of what they send. */
const bytesPerPeer = (subject: Subject): number => PEER_BYTES + (hasEngineEach(subject.combination.model) ? ENGINE_BYTES : 0);

/** Out of band means out of the stream: what stands before it and behind it is answered, and nothing else. */
async function exchangeAroundUrgentData(subject: Subject, client: TestClient): Promise<void> {
  for (let round = 0; round < URGENT_ROUNDS; round += 1) {
    const [before, behind] = [client.compose(1), client.compose(1)];
    await client.send(before);
    client.sendUrgent();
    await client.send(behind);
    expectSame(await client.receive(2), [...before, ...behind].map(subject.replyTo));
  }
}
