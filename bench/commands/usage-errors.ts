import { CommanderError, type Command } from 'commander';
import { unknownName } from '../../errors/choice.ts';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { printable } from '../report/printable.ts';

const WRONG_USAGE = 2;

/** What stands before `--`, and the command after it. */
export function splitCommand(argv: readonly string[]): { args: string[]; command: string[] | undefined } {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? { args: [...argv], command: undefined } : { args: argv.slice(0, dashes), command: argv.slice(dashes + 1) };
}

/** Says on stderr what went wrong; returns the exit code: 0 after --help or --version, 2 otherwise. */
export function explain(error: unknown, program: Command, args: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { message, remedy } = inWords(error, program, args);
  process.stderr.write(printable(`sockbench: ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`));
  return WRONG_USAGE;
}

function inWords(error: unknown, program: Command, args: readonly string[]): { message: string; remedy?: string | undefined } {
  if (error instanceof SockbenchError) return error;
  if (!(error instanceof CommanderError)) return { message: describeError(error) };
  const subcommand = program.commands.find((each) => each.name() === args[0]);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownOption') return unknownName('option', quoted, optionsOf(subcommand ?? program));
  if (error.code === 'commander.unknownCommand' || error.code === 'commander.excessArguments') {
    const names = program.commands.map((each) => each.name());
    return subcommand === undefined
      ? unknownName('command', quoted || (args[0] ?? ''), names)
      : { message: error.message.replace(/^error: /, '') };
  }
  if (error.code === 'commander.help') {
    const wanted = args[0] === 'help' ? args[1] : args[0];
    return unknownName(
      'command',
      wanted ?? '',
      program.commands.map((each) => each.name()),
    );
  }
  return { message: error.message.replace(/^error: /, ''), remedy: `sockbench ${subcommand?.name() ?? ''} --help` };
}

const optionsOf = (command: Command): string[] => [...command.options.map(({ long }) => long ?? ''), '--help'];
