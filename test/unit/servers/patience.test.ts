import { describe, expect, test } from 'vitest';
import { closeOverdue, lookEveryMs, Patience, type Progress } from '../../../servers/patience.ts';
import { resolveService, serviceDefaults, type Limits } from '../../../servers/service.ts';

const IDLE_MS = 100;
const FRAME_MS = 40;
const STEP_MS = 10;

const limits: Limits = { ...serviceDefaults.limits, idleMs: IDLE_MS, frameMs: FRAME_MS };
const atRest: Progress = { chunks: 1, messages: 1, midFrame: false, owed: false, unsentBytes: 0 };

/** Looks every STEP_MS at a client who is as `at` says; returns when its patience ended and why. */
function watch(at: (elapsedMs: number) => Partial<Progress>, given = limits): { elapsedMs: number; reason: string } | undefined {
  const patience = new Patience(given);
  for (let elapsedMs = 0; elapsedMs <= 10 * IDLE_MS; elapsedMs += STEP_MS) {
    const reason = patience.exhausted(1000 + elapsedMs, { ...atRest, ...at(elapsedMs) });
    if (reason !== undefined) return { elapsedMs, reason };
  }
  return undefined;
}

describe('the patience of a server', () => {
  test('ends with a client who sends nothing for too long', () => {
    expect(watch(() => ({}))).toEqual({ elapsedMs: IDLE_MS, reason: 'idle' });
    expect(watch((ms) => ({ chunks: Math.min(ms, 50) }))).toEqual({ elapsedMs: 50 + IDLE_MS, reason: 'idle' });
  });

  test('ends with a client who takes too long over one message, however often it sends', () => {
    expect(watch((ms) => ({ chunks: ms, midFrame: true }))).toEqual({ elapsedMs: FRAME_MS, reason: 'slow' });
  });

  test('ends with a client who reads nothing of what waits for it', () => {
    expect(watch((ms) => ({ chunks: ms, unsentBytes: 7 }))).toEqual({ elapsedMs: IDLE_MS, reason: 'unread' });
  });

  test.each<[string, (ms: number) => Partial<Progress>]>([
    ['is always in the middle of another message', (ms) => ({ chunks: ms, messages: ms, midFrame: true })],
    ['waits for a reply, whatever it has begun to send', () => ({ owed: true, midFrame: true })],
    ['reads, however slowly', (ms) => ({ unsentBytes: 1e6 - ms, midFrame: true })],
  ])('does not end with one who %s', (_, at) => {
    expect(watch(at)).toBeUndefined();
  });

  test('never ends without limits, which nobody needs to look at then', () => {
    const none = { ...limits, idleMs: 0, frameMs: 0 };
    expect(watch(() => ({ midFrame: true, unsentBytes: 7 }), none)).toBeUndefined();
    expect(lookEveryMs(none)).toBe(Infinity);
    expect(lookEveryMs(limits)).toBeLessThan(FRAME_MS);
  });

  test('closes and counts those who are overdue, and no others', async () => {
    const service = await resolveService({ ...serviceDefaults, limits });
    const reasons = [undefined, 'idle', 'slow', 'idle'] as const;
    const connections = reasons.map((reason, index) => {
      return { index, conversation: { overdue: () => reason }, unsentBytes: 0, closed: index === 3 };
    });
    const closed: number[] = [];
    closeOverdue(service, connections, ({ index }) => closed.push(index));
    expect(closed).toEqual([1, 2]);
    expect(service.closings.counts).toMatchObject({ idle: 1, slow: 1 });
  });
});
