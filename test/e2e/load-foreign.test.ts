/** Servers that do not echo: the user's own message, and what counts as a right reply. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { byName, encode } from '../../framing/framing.ts';
import { loadHere } from './load-here.ts';
import { LoadProcess } from './load-process.ts';
import { echo, echoBut, listenFor, type Asked } from './load-target.ts';

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return path;
}

const saying =
  (text: string) =>
  ({ socket }: Asked): void =>
    void socket.write(encode(byName('line'), Buffer.from(text)));

describe('--payload', () => {
  test('sends what the file holds, unchanged, and compares the echo with it', async () => {
    const heard = new Set<string>();
    const target = await listenFor((asked) => {
      heard.add(asked.frame.toString());
      echo(asked);
    });
    const { code, result } = await loadHere(target, { payload: fileWith('GET x'), connections: 2, pipelining: 3, amount: 60 });
    expect([...heard]).toEqual(['GET x\n']);
    expect(code).toBe(0);
    expect(result).toMatchObject({ messages: 60, options: { sizeBytes: 5 } });
  });

  test('finds the one reply that differs', async () => {
    const target = await listenFor(echoBut(7, saying('GET y')));
    const { code, result } = await loadHere(target, { payload: fileWith('GET x'), connections: 1, amount: 20 });
    expect(code).toBe(1);
    expect(result).toMatchObject({ messages: 19, errors: { corrupt: 1, missing: 0, duplicated: 0 }, unanswered: 0 });
  });

  test('refuses a message that the framing can not carry', async () => {
    const target = await listenFor(echo);
    const { code, stderr } = await LoadProcess.cli(target.address, '-i', fileWith('two\nlines'), '-a', 20).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('newline');
  });
});

describe('--expect', () => {
  const run = async (
    expected: string,
    answer: (asked: Asked) => void,
  ): Promise<{ code: number; messages: number; corrupt: number }> => {
    const target = await listenFor(answer);
    const { code, result } = await loadHere(target, { expect: expected, connections: 2, pipelining: 2, amount: 40 });
    return { code, messages: result.messages, corrupt: result.errors.corrupt };
  };

  test('any takes every reply, whatever it says', async () => {
    expect(await run('any', saying('PONG'))).toEqual({ code: 0, messages: 40, corrupt: 0 });
  });

  test('same-length takes replies of the size of the request, and no others', async () => {
    expect(await run('same-length', saying('x'.repeat(64)))).toEqual({ code: 0, messages: 40, corrupt: 0 });
    expect(await run('same-length', echoBut(5, saying('short')))).toEqual({ code: 1, messages: 39, corrupt: 1 });
  });

  test('a regular expression takes replies that match it, and no others', async () => {
    expect(await run('^PO?NG$', saying('PONG'))).toEqual({ code: 0, messages: 40, corrupt: 0 });
    expect(await run('^PO?NG$', (asked) => saying(asked.overall === 5 ? 'PANG' : 'PONG')(asked))).toEqual({
      code: 1,
      messages: 39,
      corrupt: 1,
    });
  });

  test('counts a reply that nobody asked for', async () => {
    const target = await listenFor((asked) => {
      saying('PONG')(asked);
      if (asked.overall === 5) saying('PONG')(asked);
    });
    const { code, result } = await loadHere(target, { expect: 'any', connections: 1, amount: 20 });
    expect(code).toBe(1);
    expect(result.errors.duplicated).toBe(1);
  });
});

test('--hdr writes a log in which the tools of HdrHistogram find the same percentiles', async () => {
  const target = await listenFor(echo);
  const path = fileWith('');
  const { code, result } = await loadHere(target, { rate: 2000, amount: 1000, hdr: path, allow: ['send-lag'] });
  expect(code).toBe(0);
  const reader = new HistogramLogReader(readFileSync(path, 'utf8'));
  const found = new Map<string, { count: number; p50: number; p99: number; max: number }>();
  for (;;) {
    const histogram = reader.nextIntervalHistogram();
    if (histogram === null) break;
    const [p50, p99] = [50, 99].map((percentile) => histogram.getValueAtPercentile(percentile)) as [number, number];
    found.set(histogram.tag, { count: histogram.totalCount, p50, p99, max: histogram.maxValue });
  }
  expect([...found.keys()]).toEqual(['NO TAG', 'serviceTime', 'sendLag', 'connectTime']);
  for (const [tag, latency] of [
    ['NO TAG', result.latencyNs],
    ['serviceTime', result.serviceTimeNs!],
  ] as const) {
    const { count, p50, p99, max } = found.get(tag)!;
    expect(count).toBe(1000);
    for (const [got, want] of [
      [p50, latency.p50!],
      [p99, latency.p99!],
      [max, latency.max],
    ] as const) {
      expect(Math.abs(got / want - 1)).toBeLessThan(0.002);
    }
  }
});
