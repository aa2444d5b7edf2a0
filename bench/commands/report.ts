import type { Command } from 'commander';
import { markdownReport } from '../report/markdown.ts';
import { terminalReport } from '../report/terminal.ts';
import { readRun } from '../results-folder.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('show a saved run again')
    .argument('[file]', 'a results file', 'results/latest.json')
    .option('--markdown', 'as Markdown')
    .action((file: string, { markdown }: { markdown?: true }) => {
      const run = readRun(file);
      process.stdout.write(
        `${markdown ? markdownReport(run) : terminalReport(run, process.stdout.isTTY && process.stdout.hasColors())}\n`,
      );
    });
}
