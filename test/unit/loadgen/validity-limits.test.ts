/** The codes with a limit of their own: on which side of it they are said, and whether the result is valid then. */
import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../../../loadgen/result.ts';
import { conditions, judge, type Unjudged, type WarningCode } from '../../../loadgen/validity.ts';
import { soundResult } from './sound-result.ts';

const { latencyNs, gcPauses, options } = soundResult();
const lag = (p99: number): Partial<LoadResult> => ({ sendLagNs: { ...latencyNs, p99 } });
const answering = (messages: number): Partial<LoadResult> => ({
  messages,
  offered: { messages: 20_000, messagesPerSecond: 20_000, sent: 20_000, held: 0 },
});
const meanOf = (mean: number): Partial<LoadResult> => ({ latencyNs: { ...latencyNs, mean } });
const pause = (durationMs: number): Partial<LoadResult> => ({ gcPauses: { ...gcPauses, longest: [{ atMs: 5, durationMs }] } });

const cases: [WarningCode, within: Partial<LoadResult>, beyond: Partial<LoadResult>][] = [
  ['near-ceiling', { ceiling: 28_600 }, { ceiling: 28_500 }], // of which 20,000 are 69.9 and 70.2 %
  ['littles-law', meanOf(524_000), meanOf(526_000)], // ten in flight at 20,000 a second: 500 µs
  ['littles-law', meanOf(476_000), meanOf(474_000)],
  ['send-lag', lag(1e6), lag(1.01e6)],
  ['achieved-rate', answering(19_800), answering(19_799)],
  ['drift', { drift: 0.1 }, { drift: 0.11 }],
  ['drift', { drift: -0.1 }, { drift: -0.11 }],
  ['machine-disturbed', { machine: { stolenCpus: 0.05, foreignCpus: 0.05 } }, { machine: { stolenCpus: 0.06, foreignCpus: 0.05 } }],
  ['machine-disturbed', { machine: { stolenCpus: 0.1 } }, { machine: { stolenCpus: 0.11 } }],
  ['machine-suspended', { machine: { stolenCpus: 0, suspendedMs: 100 } }, { machine: { stolenCpus: 0, suspendedMs: 101 } }],
  ['gc-pauses', pause(10), pause(10.1)],
];

describe.each(cases)('%s', (code, within, beyond) => {
  test(`is said beyond ${conditions[code].limit}, and not before`, () => {
    expect(judge(soundResult(within)).warnings).toEqual([]);
    const { warnings, valid } = judge(soundResult(beyond));
    expect(warnings).toMatchObject([{ code, limit: conditions[code].limit, remedy: conditions[code].remedy }]);
    expect(valid).toBe(!conditions[code].invalidates);
  });

  test('can be allowed: it is still said, and the result is valid', () => {
    const { warnings, valid } = judge(soundResult({ ...beyond, options: { ...options, allow: [code] } }));
    expect(warnings).toHaveLength(1);
    expect(valid).toBe(true);
  });
});

describe("Little's law is not asked for", () => {
  const wrong = meanOf(5e6);

  test.each<[string, Partial<Unjudged>]>([
    ['in an open loop', answering(20_000)],
    ['where connections come and go', { options: { ...options, messagesPerConnection: 5 } }],
    ['where a message reaches many', { messages: 200_000 }],
    ['where requests stay unanswered', { unanswered: 10, connections: { opened: 10, served: 0 } }],
    ['where some requests have latencies of their own', { messages: 20_010, answered: 20_010 }],
    ['where one of them takes a large part of the time', { latencyNs: { ...wrong.latencyNs!, max: 21e6 } }],
    ['over a few rounds', { messages: 999, answered: 999, latencyNs: { ...wrong.latencyNs!, count: 999, p999: 1 } }],
  ])('%s', (_, changes) => {
    expect(judge(soundResult({ ...wrong, ...changes })).warnings.map(({ code }) => code)).not.toContain('littles-law');
    expect(judge(soundResult(wrong)).warnings.map(({ code }) => code)).toEqual(['littles-law']);
  });
});

test("Little's law counts the connections that do the work", () => {
  const someActive = { options: { ...options, connections: 1000, active: 10 }, connections: { opened: 10, served: 10 } };
  expect(judge(soundResult(someActive)).warnings).toEqual([]);
  expect(judge(soundResult({ ...someActive, ...meanOf(5e6) })).warnings).toMatchObject([{ code: 'littles-law' }]);
});

describe('a run that is too short', () => {
  test('is not said to drift, or to be disturbed', () => {
    expect(judge(soundResult({ drift: 0.5, durationMs: 999 })).warnings).toEqual([]);
    expect(judge(soundResult({ machine: { stolenCpus: 1 }, durationMs: 499 })).warnings).toEqual([]);
  });

  test('with an amount is not asked for the rate', () => {
    const { drift: _, ...byAmount } = soundResult(answering(10_000));
    expect(judge(byAmount).warnings).toEqual([]);
  });
});
