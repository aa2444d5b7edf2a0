import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { explain, splitCommand } from '../../../bench/commands/usage-errors.ts';
import { SockbenchError } from '../../../errors/sockbench-error.ts';

let stderr = '';

beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A command line with two subcommands, wired up as in cli.ts; returns the exit code. */
async function type(...args: string[]): Promise<number> {
  const silent = { outputError: () => {}, writeErr: () => {}, writeOut: () => {} };
  const program = new Command('sockbench').version('1.2.3');
  program.command('run').option('-t, --trials <number>', 'trials').option('--json', 'as JSON');
  program.command('report').argument('[file]');
  for (const each of [program, ...program.commands]) each.exitOverride().configureOutput(silent);
  for (const each of program.commands) each.action(() => {});
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return explain(error, program, args);
  }
}

describe('what was typed wrongly is explained on stderr, and ends with 2', () => {
  test.each([
    [['rnu'], 'sockbench: command: expected one of run, report, got "rnu"\n  nearest: run\n'],
    [['help', 'rnu'], 'sockbench: command: expected one of run, report, got "rnu"\n  nearest: run\n'],
    [[], 'sockbench: command: expected one of run, report, got ""\n  nearest: run\n'],
    [['run', '--trial', '3'], 'sockbench: option: expected one of --trials, --json, --help, got "--trial"\n  nearest: --trials\n'],
    [['run', '--jsno'], 'sockbench: option: expected one of --trials, --json, --help, got "--jsno"\n  nearest: --json\n'],
    [['--vresion'], 'sockbench: option: expected one of --version, --help, got "--vresion"\n  nearest: --version\n'],
    [['report', '--trials'], 'sockbench: option: expected one of --help, got "--trials"\n  nearest: --help\n'],
    [['run', '--trials'], "sockbench: option '-t, --trials <number>' argument missing\n  sockbench run --help\n"],
    [['report', 'a', 'b'], "sockbench: too many arguments for 'report'. Expected 1 argument but got 2.\n"],
  ])('sockbench %j', async (args, explanation) => {
    expect(await type(...args)).toBe(2);
    expect(stderr).toBe(explanation);
  });
});

describe('nothing is explained', () => {
  test.each([[['--version']], [['--help']], [['run', '--help']], [['help', 'run']], [['run', '-t', '3']]])(
    'after %j',
    async (args) => {
      expect(await type(...args)).toBe(0);
      expect(stderr).toBe('');
    },
  );
});

describe('an error that is not of the command line', () => {
  test('is explained with its remedy', () => {
    const error = new SockbenchError('E_TARGET', 'expected a, got b', { remedy: 'give a' });
    expect(explain(error, new Command(), [])).toBe(2);
    expect(stderr).toBe('sockbench: expected a, got b\n  give a\n');
  });

  test('is explained in one line when nothing can be done about it', () => {
    expect(explain(new SockbenchError('E_TARGET', 'expected a, got b'), new Command(), [])).toBe(2);
    expect(stderr).toBe('sockbench: expected a, got b\n');
  });

  test('is explained with the code that the system gave it', () => {
    expect(explain(Object.assign(new Error('no space left'), { code: 'ENOSPC' }), new Command(), [])).toBe(2);
    expect(stderr).toBe('sockbench: ENOSPC: no space left\n');
  });
});

describe('a command line', () => {
  test.each([
    [['load', ':1'], { args: ['load', ':1'], command: undefined }],
    [['load', '--'], { args: ['load'], command: [] }],
    [['load', '-c', '5', '--', 'sh', '-c', 'x -- y'], { args: ['load', '-c', '5'], command: ['sh', '-c', 'x -- y'] }],
    [['load', '--', 'a', '--', 'b'], { args: ['load'], command: ['a', '--', 'b'] }],
  ])('%j is split at the first --', (argv, parts) => {
    expect(splitCommand(argv)).toEqual(parts);
  });
});
