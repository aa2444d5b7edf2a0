import { describe, expect, test } from 'vitest';
import { Deliveries, type Spread } from '../../../loadgen/exchanges/deliveries.ts';

const SENDERS = 2;

/** The same memory as two threads see it, with three members in the room. */
function twoThreads(depth = 1): [Deliveries, Deliveries] {
  const shared = new SharedArrayBuffer(Deliveries.bytes(SENDERS, depth));
  const [one, other] = [new Deliveries(shared, SENDERS, depth), new Deliveries(shared, SENDERS, depth)];
  for (const each of [one, one, other]) each.join();
  return [one, other];
}

/** What a thread finds when a member of its receives the message; undefined when it is not followed. */
function received(deliveries: Deliveries, sender: number, sequence: number): Spread | undefined {
  const spread = { plannedNs: 0, place: 0, of: 0 };
  return deliveries.receive(sender, sequence, spread) ? spread : undefined;
}

describe('deliveries', () => {
  test('are counted in the order in which they are made, whichever thread makes them', () => {
    const [one, other] = twoThreads();
    one.send(1, 0, 500);
    expect(received(other, 1, 0)).toEqual({ plannedNs: 500, place: 1, of: 3 });
    expect(received(one, 1, 0)).toEqual({ plannedNs: 500, place: 2, of: 3 });
    expect(received(other, 1, 0)).toEqual({ plannedNs: 500, place: 3, of: 3 });
  });

  test('are owed to those who were in the room when the message was sent', () => {
    const [one, other] = twoThreads();
    other.leave();
    one.send(0, 0, 0);
    other.join();
    one.send(0, 1, 0);
    expect([received(one, 0, 0)?.of, received(one, 0, 1)?.of]).toEqual([2, 3]);
  });

  test('of different messages are counted apart, and those of a message that was given up not at all', () => {
    const [one, other] = twoThreads();
    one.send(0, 0, 100);
    one.send(0, 1, 200);
    other.send(1, 0, 300);
    received(other, 0, 0);
    expect(received(other, 1, 0)).toMatchObject({ place: 1 });
    const spread: Spread = { plannedNs: 0, place: 0, of: 0 };
    one.giveUp(0, 0, spread);
    expect(spread).toEqual({ plannedNs: 100, place: 1, of: 3 });
    expect(received(other, 0, 0)).toBeUndefined();
    expect(received(other, 0, 1)).toEqual({ plannedNs: 200, place: 1, of: 3 });
  });

  test('are not taken for those of the message that is written over an old one', () => {
    const [one, other] = twoThreads();
    const { ring } = one;
    for (let sequence = 0; sequence <= ring; sequence += 1) one.send(0, sequence, sequence);
    expect(received(other, 0, 0)).toBeUndefined();
    expect(received(other, 0, ring)).toEqual({ plannedNs: ring, place: 1, of: 3 });
    expect(other.lastSent(0)).toBe(ring);
  });
});
