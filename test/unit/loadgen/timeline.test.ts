import { describe, expect, test } from 'vitest';
import { timelineOf } from '../../../loadgen/timeline.ts';

const answer = (begunNs: number, pid: number, threadId = 0) => ({
  begunNs,
  endedNs: begunNs + 10,
  answeredNs: begunNs + 20,
  pid,
  threadId,
});

describe('a timeline', () => {
  test('counts from the first request, and numbers the workers in the order in which they began to work', () => {
    const timeline = timelineOf([
      { slot: 1, connection: 1, sequence: 0, sentNs: 1000.4, answer: answer(1300, 77) },
      { slot: 0, connection: 0, sequence: 0, sentNs: 1000.4, answer: answer(1100, 76, 2) },
      { slot: 0, connection: 2, sequence: 1, sentNs: 1200.4, answer: answer(1400, 76, 2) },
    ]);
    expect(timeline.workers).toEqual([
      { pid: 76, threadId: 2 },
      { pid: 77, threadId: 0 },
    ]);
    expect(timeline.messages).toEqual([
      { slot: 0, connection: 0, sentNs: 0, answer: { worker: 0, begunNs: 100, endedNs: 110, answeredNs: 120 } },
      { slot: 1, connection: 1, sentNs: 0, answer: { worker: 1, begunNs: 300, endedNs: 310, answeredNs: 320 } },
      { slot: 0, connection: 2, sentNs: 200, answer: { worker: 0, begunNs: 400, endedNs: 410, answeredNs: 420 } },
    ]);
  });

  test('keeps what was never answered', () => {
    expect(timelineOf([{ slot: 3, connection: 3, sequence: 0, sentNs: 5 }])).toEqual({
      workers: [],
      messages: [{ slot: 3, connection: 3, sentNs: 0, answer: null }],
    });
  });
});
