import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { addRunCommand } from '../../../bench/commands/run.ts';

const base = mkdtempSync(join(tmpdir(), 'sockbench-run-'));
afterAll(() => rmSync(base, { recursive: true }));

test.each([
  ['--models', 'event-lop', 'E_UNKNOWN_NAME'],
  ['--workloads', 'eco', 'E_UNKNOWN_NAME'],
  ['--framing', 'lines', 'E_UNKNOWN_NAME'],
  ['--server', 'mine', 'E_OPTION'],
])('a run with %s %s is refused before there is a results folder', async (option, value, code) => {
  const program = new Command();
  addRunCommand(program);
  const out = join(base, 'results');
  await expect(program.parseAsync(['run', option, value, '--out', out], { from: 'user' })).rejects.toMatchObject({ code });
  expect(existsSync(out)).toBe(false);
});
