import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../../../loadgen/result.ts';
import { conditions, judge, type Warning, type WarningCode } from '../../../loadgen/validity.ts';
import { soundResult } from './sound-result.ts';

const { errors, latencyNs, options } = soundResult();

/** What is said against an otherwise sound result with these changes. */
function warnings(changes: Partial<LoadResult>): Pick<Warning, 'code' | 'value'>[] {
  return judge(soundResult(changes)).warnings.map(({ code, value }) => ({ code, value }));
}

describe('the judgement of a result', () => {
  test('finds nothing against a sound one', () => {
    expect(warnings({})).toEqual([]);
  });

  test('gives each warning with its limit and its remedy', () => {
    for (const code of Object.keys(conditions) as WarningCode[]) {
      const { remedy, meaning } = conditions[code];
      expect(remedy).not.toBe('');
      expect(meaning).not.toBe('');
    }
    const { limit, remedy } = conditions['connections-broken'];
    expect(judge(soundResult({ failures: { ECONNRESET: 3 } })).warnings).toEqual([
      { code: 'connections-broken', value: 3, limit, remedy },
    ]);
  });

  test('gives several in the order of the list', () => {
    const codes = warnings({ verdict: 'client-limited', failures: { closed: 1 } }).map(({ code }) => code);
    expect(codes).toEqual(['client-limited', 'connections-broken']);
  });
});

describe('client-limited', () => {
  test('is said, with its share of CPU time, when the verdict is that', () => {
    expect(warnings({ clientBusy: 0.91, verdict: 'client-limited' })).toEqual([{ code: 'client-limited', value: 0.91 }]);
    for (const verdict of ['server-limited', 'both', 'neither', 'unknown'] as const) {
      expect(warnings({ clientBusy: 0.91, verdict })).toEqual([]);
    }
  });
});

describe('client-busy', () => {
  test('is said when the load generator was busy and nobody knows how busy the server was', () => {
    const { server: _, ...unknown } = soundResult({ clientBusy: 0.95, verdict: 'unknown' });
    expect(judge(unknown)).toMatchObject({ valid: true, warnings: [{ code: 'client-busy', value: 0.95 }] });
    expect(judge({ ...unknown, clientBusy: 0.9 }).warnings).toEqual([]);
  });
});

describe('wrong-replies', () => {
  test.each(['missing', 'duplicated', 'reordered', 'corrupt', 'foreign'] as const)('is said for a single %s reply', (kind) => {
    expect(warnings({ errors: { ...errors, [kind]: 1 } })).toEqual([{ code: 'wrong-replies', value: 1 }]);
  });

  test('counts all kinds together', () => {
    const wrong = { missing: 1, duplicated: 2, reordered: 3, corrupt: 4, foreign: 5 };
    expect(warnings({ errors: wrong })).toEqual([{ code: 'wrong-replies', value: 15 }]);
  });
});

describe('connections-broken', () => {
  test('is said for every kind of failure', () => {
    expect(warnings({ failures: { ECONNRESET: 2, closed: 1 } })).toEqual([{ code: 'connections-broken', value: 3 }]);
  });
});

describe('connections-unserved', () => {
  test('is said when a connection on which something was sent got no reply', () => {
    expect(warnings({ connections: { opened: 10, served: 9 }, unanswered: 1 })).toEqual([
      { code: 'connections-unserved', value: 1 },
    ]);
  });
});

describe('requests-unanswered', () => {
  test('is said for requests on connections that were served', () => {
    expect(warnings({ unanswered: 3 })).toEqual([{ code: 'requests-unanswered', value: 3 }]);
  });

  test('leaves out those on connections that were never served, however deep the pipeline is', () => {
    const unserved = { connections: { opened: 10, served: 8 }, options: { ...options, pipelining: 4 } };
    expect(warnings({ ...unserved, unanswered: 8 })).toEqual([{ code: 'connections-unserved', value: 2 }]);
    expect(warnings({ ...unserved, unanswered: 9 })).toEqual([
      { code: 'connections-unserved', value: 2 },
      { code: 'requests-unanswered', value: 1 },
    ]);
  });
});

describe('too-few-samples', () => {
  test('is said when there is no p99.9, with the samples beyond where it would be', () => {
    expect(warnings({ latencyNs: { ...latencyNs, p999: null, count: 4000 } })).toEqual([{ code: 'too-few-samples', value: 4 }]);
  });
});
