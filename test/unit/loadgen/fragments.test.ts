import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName, encode, type FrameDecoder } from '../../../framing/framing.ts';
import { workloads, type Workload } from '../../../loadgen/workload.ts';
import { seed as testSeed } from '../framing/seed.ts';
import type { VirtualServer } from './virtual-network.ts';
import { VirtualRun, type Wanted } from './virtual-run.ts';

/** An echo that reads as a server must, and remembers by slot in which pieces the bytes came, and when. */
class Listener implements VirtualServer {
  readonly pieces: { bytes: Buffer; atMs: number }[][] = [];
  readonly #framing = byName('line');
  readonly #decoders: FrameDecoder[] = [];

  receives(...[slot, bytes, network]: Parameters<VirtualServer['receives']>): void {
    (this.pieces[slot] ??= []).push({ bytes, atMs: network.nowMs });
    this.#decoders[slot] ??= this.#framing.decoder((message) => network.reply(slot, encode(this.#framing, message)));
    this.#decoders[slot].push(bytes);
  }

  get streams(): string[] {
    return this.pieces.map((pieces) => Buffer.concat(pieces.map(({ bytes }) => bytes)).toString());
  }

  get sizes(): number[][] {
    return this.pieces.map((pieces) => pieces.map(({ bytes }) => bytes.length));
  }
}

describe('the workload fragments', async () => {
  const [fragments, echo] = await Promise.all([workloads.load('fragments'), workloads.load('echo')]);

  async function heard(workload: Workload, wanted: Wanted): Promise<{ listener: Listener; run: VirtualRun }> {
    const listener = new Listener();
    return { listener, run: await new VirtualRun(listener, { workload, ...wanted }).over() };
  }

  test('sends the same bytes as echo, and finds the same', async () => {
    const shape = fc.record({
      pipelining: fc.integer({ min: 1, max: 5 }),
      amount: fc.integer({ min: 1, max: 60 }),
      options: fc.record({ sizeBytes: fc.integer({ min: 1, max: 100 }), seed: fc.nat() }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async (wanted) => {
        const [whole, cut] = [await heard(echo, wanted), await heard(fragments, wanted)];
        expect(cut.listener.streams).toEqual(whole.listener.streams);
        const { measuredMs: _, ...found } = cut.run.outcome;
        expect(whole.run.outcome).toMatchObject(found);
        expect(found).toMatchObject({ messages: wanted.amount });
      }),
      { seed: testSeed, numRuns: 60 },
    );
  });

  const some: Wanted = { pipelining: 4, amount: 200, setting: { sizeBytes: 31 } }; // frames of 32 bytes

  test('cuts within messages and joins them, and lets the pieces of a connection arrive one after the other', async () => {
    const { listener } = await heard(fragments, some);
    const sizes = listener.sizes[0]!;
    let at = 0;
    const cutWithin = sizes.filter((size) => (at += size) % 32 !== 0);
    expect(cutWithin.length).toBeGreaterThan(sizes.length / 2);
    expect(Math.max(...sizes)).toBeGreaterThan(32);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 31);
    const times = listener.pieces[0]!.map(({ atMs }) => atMs);
    expect(new Set(times).size).toBe(times.length);
  });

  test('cuts a message of depth 1 as well, and never waits for more to join it with', async () => {
    const { listener, run } = await heard(fragments, { ...some, pipelining: 1 });
    expect(run.outcome).toMatchObject({ messages: 200 });
    expect(listener.sizes[0]!.length).toBeGreaterThan(250);
    expect(Math.max(...listener.sizes[0]!)).toBe(32);
  });

  test('cuts at the same places with the same seed, at others with another, and on each connection at its own', async () => {
    const two = { ...some, slots: 2 };
    const sizes = async (seed: number): Promise<number[][]> =>
      (await heard(fragments, { ...two, options: { seed } })).listener.sizes;
    const [once, again, other] = [await sizes(1), await sizes(1), await sizes(2)];
    expect(again).toEqual(once);
    expect(other[0]).not.toEqual(once[0]);
    expect(once[1]).not.toEqual(once[0]);
  });

  test('forgets what has not left when its connection breaks', async () => {
    const listener = new Listener();
    let pieces = 0;
    const breaking: VirtualServer = {
      receives(slot, bytes, network) {
        pieces += 1;
        if (pieces === 10) network.hangUp(slot, 'ECONNRESET', 0);
        if (pieces < 10) listener.receives(slot, bytes, network);
        else if (pieces > 10) after.receives(slot, bytes, network);
      },
    };
    const after = new Listener();
    const run = await new VirtualRun(breaking, { workload: fragments, ...some }).over();
    expect(run.outcome).toMatchObject({ failures: { ECONNRESET: 1 } });
    expect(run.outcome).not.toHaveProperty('errors');
    // The first message on the new connection is whole.
    expect(after.streams[0]!.indexOf('\n')).toBe(31);
  });
});
