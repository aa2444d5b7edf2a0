import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../../../loadgen/result.ts';
import { conditions, judge, type Warning, type WarningCode } from '../../../loadgen/validity.ts';
import { soundResult } from './sound-result.ts';

const { server, errors, latencyNs, options } = soundResult();

/** What is said against an otherwise sound result with these changes. */
function warnings(changes: Partial<LoadResult>): Pick<Warning, 'code' | 'value'>[] {
  return judge(soundResult(changes)).map(({ code, value }) => ({ code, value }));
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
    expect(judge(soundResult({ failures: { ECONNRESET: 3 } }))).toEqual([{ code: 'connections-broken', value: 3, limit, remedy }]);
  });

  test('gives several in the order of the list', () => {
    const codes = warnings({ clientBusy: 0.95, server: { ...server!, busyCpus: 0.5 }, failures: { closed: 1 } }).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['client-limited', 'connections-broken']);
  });
});

describe('client-limited', () => {
  test('is said when the load generator was busier than 90 % and the server less busy than it', () => {
    const idle = { ...server!, busyCpus: 0.6 };
    expect(warnings({ clientBusy: 0.91, server: idle })).toEqual([{ code: 'client-limited', value: 0.91 }]);
    expect(warnings({ clientBusy: 0.9, server: idle })).toEqual([]);
  });

  test('is not said when the server was as busy', () => {
    expect(warnings({ clientBusy: 0.95, server: { ...server!, busyCpus: 0.95 } })).toEqual([]);
  });

  test('is said when the load generator was busy and nobody knows how busy the server was', () => {
    const { server: _, ...unknown } = soundResult({ clientBusy: 0.95 });
    expect(judge(unknown).map(({ code }) => code)).toEqual(['client-limited']);
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
