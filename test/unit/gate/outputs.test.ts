/** What a gate writes for people and for other programs. */
import { expect, test } from 'vitest';
import { compare } from '../../../bench/gate/compare.ts';
import { toBencher, toBenchmarkAction, toHistoryLine } from '../../../bench/gate/exports.ts';
import { toJunit } from '../../../bench/gate/junit.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import { gateResult, overallOf, type GateResult } from '../../../bench/gate/result.ts';
import { gateMarkdown, gateReport } from '../../../bench/report/gate.ts';
import { SockbenchError } from '../../../errors/sockbench-error.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { runOf } from '../bench/sample-run.ts';
import { contestant, player } from './played-blocks.ts';

const good = player({ slower: 0.08 });
const contestants = [
  contestant('same'),
  contestant('slower'),
  contestant('new', { notInBase: 'base has none' }),
  contestant('wrong'),
];
const compared = await compare(contestants, {
  plan: defaultPlan,
  async measure(own, stage, loops) {
    if (own.name === 'wrong') throw new SockbenchError('E_WRONG_REPLIES', 'head: got 3 <corrupt> & "foreign" | replies');
    return good(own, stage, loops);
  },
  random: mulberry32(1),
  observer: { blockEnds: () => {}, confirms: () => {} },
  isOver: () => false,
});
const result: GateResult = {
  format: 'sockbench-gate-1',
  startedAt: '2026-01-31T12:00:00.000Z',
  durationMs: 61_500,
  seed: 7,
  head: { commit: 'b'.repeat(40), uncommitted: ['servers/app.ts'] },
  verdict: overallOf(compared.rows),
  comparisons: [{ against: 'base', revision: 'main', commit: 'a'.repeat(40), loadGenerator: 'the same in both', ...compared }],
  environment: runOf([]).environment,
};

test('the result fits its schema, blocks and all', () => {
  expect(gateResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)));
});

test('the report names both commits, every row with its verdict, and concludes', () => {
  const text = gateReport(result);
  expect(text).toContain(`head against base main (${'a'.repeat(10)})`);
  expect(text).toMatch(/same +│ CPU per message +│ +[\d.]+ µs │ +[\d.]+ µs .* clean/);
  expect(text).toMatch(/slower +│ CPU per message .*\+[78]\.\d % .* 12 fresh │ regressed/);
  expect(text).toMatch(/new .* not in base: base has none/);
  expect(text).toContain('Failed: wrong: head: got 3 <corrupt>');
  expect(text).toContain(`Head ${'b'.repeat(10)} with 1 uncommitted files, seed 7, 62 s.`);
});

test('with an anchor each comparison has its table, and the conclusion says which one it means', () => {
  const slower = compared.rows.filter((row) => row.contestant === 'slower');
  const same = compared.rows.filter((row) => row.contestant === 'same');
  const [base] = result.comparisons;
  const anchor = { ...base!, against: 'anchor' as const, revision: 'v1', commit: 'c'.repeat(40), rows: slower };
  const text = gateReport({ ...result, verdict: 'regressed', comparisons: [{ ...base!, rows: same }, anchor] });
  expect(text).toContain(`head against base main (${'a'.repeat(10)})`);
  expect(text).toContain(`head against anchor v1 (${'c'.repeat(10)})`);
  expect(text).toContain('Regressed: slower CPU per message (anchor), slower messages/s (anchor), ');
});

test('the Markdown is a table that a server with strange last words does not break', () => {
  const text = gateMarkdown(result);
  expect(text).toMatch(/^## sockbench gate: failed\n/);
  expect(text).toContain(String.raw`3 \<corrupt\> \& "foreign" \| replies`);
  const widths = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(/(?<!\\)\|/).length);
  expect(new Set(widths).size).toBe(1);
});

test('JUnit has a case for each row, counted, and nothing that XML would take for markup', () => {
  const xml = toJunit(result);
  expect(xml.match(/<testcase /g)).toHaveLength(20);
  expect(xml).toContain('tests="20" failures="4" errors="5" skipped="7"');
  expect(xml).toContain('<testcase classname="same" name="CPU per message"/>');
  expect(xml).toContain('&lt;corrupt&gt; &amp; &quot;foreign&quot;');
  expect(xml.match(/<failure /g)).toHaveLength(4);
});

test("github-action-benchmark gets head's figures, all such that smaller is better", () => {
  const entries = toBenchmarkAction(result);
  expect(entries).toHaveLength(10); // two servers were measured
  for (const entry of entries)
    expect(entry).toEqual({
      name: expect.any(String),
      unit: expect.any(String),
      value: expect.any(Number),
      extra: expect.any(String),
    });
  const own = entries.find(({ name }) => name === 'same · messages/s');
  expect(own).toMatchObject({ unit: 'ns between messages' });
  expect(own!.value).toBeGreaterThan(9000);
  expect(own!.value).toBeLessThan(11_000);
});

test('Bencher gets a measure for each metric of each server', () => {
  const found = toBencher(result);
  expect(Object.keys(found)).toEqual(['same', 'slower']);
  expect(Object.keys(found['same']!)).toEqual(['cpu', 'throughput', 'p50', 'p90', 'p99']);
  expect(found['same']!['cpu']!.value).toBeGreaterThan(9000);
});

test('the history gets one line, with what a trend is drawn from', () => {
  const line = toHistoryLine(result);
  expect(line.endsWith('\n')).toBe(true);
  expect(line.trimEnd()).not.toContain('\n');
  const parsed = JSON.parse(line) as { commit: string; rows: { contestant: string; effect?: number }[] };
  expect(parsed).toMatchObject({ commit: 'b'.repeat(40), clean: false, verdict: 'failed' });
  expect(parsed.rows).toHaveLength(20);
});
