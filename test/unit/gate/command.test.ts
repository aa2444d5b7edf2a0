/** Options of `sockbench gate` that belong together, and the exit code of each outcome. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addGateCommand } from '../../../bench/commands/gate.ts';
import { compare } from '../../../bench/gate/compare.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import { exitCodes, overallOf, type BlockRecord } from '../../../bench/gate/result.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { contestant, player } from './played-blocks.ts';

async function refusal(...args: string[]): Promise<unknown> {
  const program = new Command();
  addGateCommand(program);
  return program.parseAsync(['gate', ...args], { from: 'user' }).catch((error: unknown) => error);
}

test.each([
  ['nothing to compare with', [], 'expected one of --base REVISION, .* got none'],
  ['two things to compare with', ['--base', 'main', '--baseline', 'b.json'], 'expected one of --base REVISION, .* got 2'],
  [
    'other settings than those of a baseline',
    ['--baseline', 'b.json', '--size', '64', '--framing', 'line'],
    'expected --baseline without --framing, --size$',
  ],
  [
    'other servers than those of a baseline',
    ['--baseline', 'b.json', '--models', 'epoll'],
    'expected --baseline without --models$',
  ],
  ['an anchor beside a baseline', ['--baseline', 'b.json', '--anchor', 'v1'], 'expected --baseline without --anchor$'],
  ['a report of a baseline', ['--save-baseline', 'b.json', '--junit', 'j.xml'], 'expected --save-baseline without --junit$'],
  ["anybody's server in the self-test", ['--self-test', '--server', 'x'], 'expected --self-test without --server$'],
  ['models and servers', ['--base', 'main', '--models', 'epoll', '--server', 'x'], 'expected --models or --server, got both'],
  ['connections to models', ['--base', 'main', '--connections', '5'], 'expected --connections with --server only'],
])('%s is refused', async (_, args, words) => {
  expect(await refusal(...args)).toMatchObject({ code: 'E_OPTION', message: expect.stringMatching(words) });
});

const settled = (rows: Parameters<typeof overallOf>[0]): number => exitCodes[overallOf(rows)];

test.each([
  { what: 'no slower', slowdown: 0, code: 0 },
  { what: 'faster', slowdown: -0.3, code: 0 },
  { what: '10 % slower', slowdown: 0.1, code: 1 },
  { what: 'disturbed all the time', slowdown: 0.1, change: { dropped: 'the host took 0.40 CPUs' }, code: 3 },
])('a gate whose head is $what ends with $code', async ({ slowdown, change, code }) => {
  const measure = player({ a: slowdown }, (block): BlockRecord => ({ ...block, ...change }));
  const observer = { blockEnds() {}, confirms() {} };
  const means = { plan: defaultPlan, measure, random: mulberry32(1), observer, isOver: () => false };
  expect(settled((await compare([contestant('a')], means)).rows)).toBe(code);
});
