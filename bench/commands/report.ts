import type { Command } from 'commander';

interface ReportFlags {
  markdown?: true;
  html?: string;
  out?: string;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('show a saved run again: as tables, as Markdown, as a page, or all that a run writes')
    .argument('[file]', 'a results file', 'results/latest.json')
    .option('--markdown', 'print it as Markdown')
    .option('--html <path>', 'write the interactive report to this path, one file that needs no network')
    .option('--out <folder>', 'write everything there that a run writes: JSON, Markdown, page and pictures')
    .action(async (file: string, { markdown, html, out }: ReportFlags) => {
      const { readRun, ResultsFolder, savePage } = await import('../results-folder.ts');
      const run = readRun(file);
      if (html !== undefined) savePage(html, run);
      if (out !== undefined) await new ResultsFolder(out).saveLatest(run);
      for (const written of [html, out]) if (written !== undefined) process.stderr.write(`Written to ${written}.\n`);
      if (html !== undefined || out !== undefined) return;
      const { markdownReport } = await import('../report/markdown.ts');
      const { terminalReport } = await import('../report/terminal.ts');
      process.stdout.write(
        `${markdown ? markdownReport(run) : terminalReport(run, process.stdout.isTTY && process.stdout.hasColors())}\n`,
      );
    });
}
