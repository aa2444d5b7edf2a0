#!/usr/bin/env node
// The `sockbench` command: one line a subcommand, one place where errors become words and exit codes.
// What only one subcommand needs and takes long to load, such as schemas and tables, that one imports when it runs.
import { Command } from 'commander';
import { addAdviseCommand } from './commands/advise.ts';
import { addChatCommand } from './commands/chat.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addGateCommand } from './commands/gate.ts';
import { addListCommand } from './commands/list.ts';
import { addLoadCommand } from './commands/load.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { addServeCommand } from './commands/serve.ts';
import { explain, splitCommand } from './commands/usage-errors.ts';
import { sockbenchVersion } from './environment.ts';

const { args, command } = splitCommand(process.argv.slice(2));
const program = new Command('sockbench')
  .description('Compares server concurrency models: one service, every model, one load generator.')
  .version(sockbenchVersion());

addRunCommand(program);
addReportCommand(program);
addAdviseCommand(program);
addCompareCommand(program);
addGateCommand(program);
addLoadCommand(program, command);
addServeCommand(program);
addListCommand(program);
addChatCommand(program);

for (const each of [program, ...program.commands]) {
  each
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
}

try {
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  process.exitCode = explain(error, program, args);
}
