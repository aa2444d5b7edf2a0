import type { Command } from 'commander';

interface ReportFlags {
  markdown?: true;
  html?: string;
  out?: string;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('show saved runs again: as tables, as Markdown, as a page, or all that a run writes')
    .argument('[files...]', 'results files; several, measured alike, as if they were one run', ['results/latest.json'])
    .option('--markdown', 'print it as Markdown')
    .option('--html <path>', 'write the interactive report to this path, one file that needs no network')
    .option('--out <folder>', 'write everything there that a run writes: JSON, Markdown, page and pictures')
    .action(async (files: string[], { markdown, html, out }: ReportFlags) => {
      const { readRun, ResultsFolder, savePage } = await import('../results-folder.ts');
      const { mergeRuns } = await import('../merge-runs.ts');
      const [first, ...others] = files.map(readRun);
      const run = mergeRuns([first!, ...others]);
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
