import * as fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { Recorder } from '../../../loadgen/recorder.ts';
import { seed } from '../framing/seed.ts';

const LEAST_NS = 64;
const TEN_MINUTES_NS = 600e9;
const shares = [0.001, 0.5, 0.9, 0.99, 0.999, 1];

/** Of every magnitude alike, as latencies are: one below a microsecond is as likely as one of minutes. */
const latencyNs = fc
  .double({ min: Math.log(LEAST_NS), max: Math.log(TEN_MINUTES_NS), noNaN: true })
  .map((exponent) => Math.min(TEN_MINUTES_NS, Math.max(LEAST_NS, Math.round(Math.exp(exponent)))));
const latenciesNs = fc.array(latencyNs, { minLength: 1, maxLength: 200, size: 'max' });

/** Ten times as precise as what is tested. */
const oracle = build({ lowestDiscernibleValue: 1, highestTrackableValue: 2 ** 40, numberOfSignificantValueDigits: 4 });

function recorded(values: readonly number[], recorder = new Recorder()): Recorder {
  for (const value of values) recorder.record(value);
  return recorder;
}

/** Everything that can be read off. */
const reading = (recorder: Recorder): object => ({
  count: recorder.count,
  lowerBounds: recorder.lowerBounds,
  maxNs: recorder.maxNs,
  meanNs: recorder.meanNs,
  percentilesNs: shares.map((share) => recorder.percentileNs(share)),
  bounded: shares.map((share) => recorder.isLowerBound(recorder.percentileNs(share))),
});

describe('a recorder', () => {
  test('has a mean of those that were answered', () => {
    const recorder = recorded([100, 200, 600]);
    recorder.recordLowerBound(900);
    const both = new Recorder();
    both.merge(recorder);
    both.merge(recorder);
    for (const each of [recorder, both]) {
      expect(each.meanNs).toBe(450);
      expect(each.answeredMeanNs).toBe(300);
    }
    recorder.reset();
    recorder.recordLowerBound(900);
    expect(recorder.answeredMeanNs).toBe(0);
  });

  test('has the percentiles of HdrHistogram within 0.1 %, and the exact count, maximum and mean', () => {
    fc.assert(
      fc.property(latenciesNs, (values) => {
        oracle.reset();
        for (const value of values) oracle.recordValue(value);
        const recorder = recorded(values);
        for (const share of shares) {
          const expected = oracle.getValueAtPercentile(share * 100);
          expect(Math.abs(recorder.percentileNs(share) - expected)).toBeLessThanOrEqual(expected / 1000);
        }
        expect(recorder.count).toBe(oracle.totalCount);
        expect(recorder.maxNs).toBe(Math.max(...values));
        expect(recorder.meanNs).toBe(Math.round(values.reduce((sum, value) => sum + value, 0) / values.length));
      }),
      { seed, numRuns: 50 },
    );
  });

  test('never puts a percentile below a latency that the share covers', () => {
    fc.assert(
      fc.property(latenciesNs, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const covered = values.toSorted((a, b) => a - b)[Math.ceil((percent * values.length) / 100) - 1]!;
        expect(recorded(values).percentileNs(percent / 100)).toBeGreaterThanOrEqual(covered);
      }),
      { seed },
    );
  });

  test('is exact up to a microsecond', () => {
    const recorder = new Recorder();
    for (let value = LEAST_NS; value <= 1000; value += 1) recorder.record(value);
    const count = 1000 - LEAST_NS + 1;
    for (let rank = 1; rank <= count; rank += 1) expect(recorder.percentileNs((rank - 0.5) / count)).toBe(LEAST_NS + rank - 1);
  });

  test('says 0 of everything while it is empty', () => {
    expect(reading(new Recorder())).toMatchObject({
      count: 0,
      lowerBounds: 0,
      maxNs: 0,
      meanNs: 0,
      percentilesNs: [0, 0, 0, 0, 0, 0],
    });
  });

  test('says the same after merging as if all had been recorded in one', () => {
    fc.assert(
      fc.property(latenciesNs, latenciesNs, latenciesNs, (some, others, unanswered) => {
        const [one, other, whole] = [recorded(some), recorded(others), recorded([...some, ...others])];
        for (const age of unanswered) {
          other.recordLowerBound(age);
          whole.recordLowerBound(age);
        }
        one.merge(other);
        expect(reading(one)).toEqual(reading(whole));
      }),
      { seed, numRuns: 20 },
    );
  });

  test('leaves the one that it merges unchanged', () => {
    const [one, other] = [recorded([100, 200]), recorded([300])];
    const before = reading(other);
    one.merge(other);
    expect(reading(other)).toEqual(before);
  });

  test('forgets everything when it is reset', () => {
    const recorder = recorded([100, 1e6]);
    recorder.recordLowerBound(50);
    recorder.reset();
    expect(reading(recorder)).toEqual(reading(new Recorder()));
  });

  test('counts latencies below its range and above it in its outermost buckets', () => {
    const hour = 3600e9;
    const recorder = recorded([0, 1, 63, hour]);
    expect(recorder.count).toBe(4);
    expect(recorder.percentileNs(0.75)).toBe(LEAST_NS);
    expect(recorder.percentileNs(1)).toBe(2 ** 40);
    expect(recorder.maxNs).toBe(hour);
  });
});

describe('a recorder over the memory of another', () => {
  test('reads what the other has recorded, and goes on reading', () => {
    const writer = recorded([100, 200]);
    writer.recordLowerBound(300);
    const reader = new Recorder(writer.shared);
    expect(reading(reader)).toEqual(reading(writer));
    writer.record(400);
    expect(reader.count).toBe(4);
    expect(reader.maxNs).toBe(400);
  });

  test('sees the reset of the other', () => {
    const writer = recorded([100]);
    const reader = new Recorder(writer.shared);
    writer.reset();
    expect(reading(reader)).toEqual(reading(new Recorder()));
  });

  test('changes nothing by coming into being, not even where a request was unanswered at age 0', () => {
    const writer = recorded([100]);
    writer.recordLowerBound(0);
    const before = reading(writer);
    expect(reading(new Recorder(writer.shared))).toEqual(before);
    expect(reading(writer)).toEqual(before);
  });
});

describe('a value read off a recorder with unanswered requests', () => {
  test('is a lower bound from the age of the youngest of them on', () => {
    // Ten answered: 100 to 1000 ns. Two unanswered, 450 and 2000 ns old: one of them may come at 451 ns or never.
    const recorder = recorded([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    recorder.recordLowerBound(2000);
    recorder.recordLowerBound(450);
    expect(recorder.lowerBounds).toBe(2);
    expect(recorder.percentileNs(4 / 12)).toBe(400);
    expect(recorder.isLowerBound(400)).toBe(false);
    expect(recorder.percentileNs(5 / 12)).toBe(450);
    expect(recorder.isLowerBound(450)).toBe(true);
    expect(recorder.percentileNs(6 / 12)).toBe(500);
    expect(recorder.isLowerBound(500)).toBe(true);
    expect(recorder.isLowerBound(recorder.maxNs)).toBe(true);
  });

  test('is none where every unanswered request is older', () => {
    const recorder = recorded([100, 200, 300]);
    recorder.recordLowerBound(400);
    expect(recorder.isLowerBound(recorder.percentileNs(0.75))).toBe(false);
    expect(recorder.isLowerBound(recorder.percentileNs(1))).toBe(true);
  });

  test('is none where all are answered', () => {
    expect(recorded([100]).isLowerBound(Number.MAX_VALUE)).toBe(false);
  });

  test('is a lower bound where the percentile falls on an unanswered request, whatever fraction of a nanosecond its age has', () => {
    fc.assert(
      fc.property(latencyNs, fc.double({ min: 0, max: 1, noNaN: true }), (whole, fraction) => {
        const recorder = new Recorder();
        for (let request = 0; request < 100; request += 1) recorder.recordLowerBound(whole + fraction);
        expect(recorder.isLowerBound(recorder.percentileNs(0.5))).toBe(true);
      }),
      { seed },
    );
  });
});
