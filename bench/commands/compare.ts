import type { Command } from 'commander';

interface CompareFlags {
  anyway?: true;
  json?: true;
}

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('what two saved runs say of each other, row by row, and where neither is sure')
    .argument('<A.json>', 'a results file')
    .argument('<B.json>', 'another, of any age')
    .option('--anyway', 'also where another machine, framing or placement makes the figures differ')
    .option('--json', 'as one JSON object')
    .action(async (pathA: string, pathB: string, { anyway, json }: CompareFlags) => {
      const { readRun } = await import('../results-folder.ts');
      const { compareRuns } = await import('../compare-runs.ts');
      const { comparisonReport } = await import('../report/comparison.ts');
      const comparison = compareRuns(readRun(pathA), readRun(pathB), { anyway });
      process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : `${comparisonReport(comparison)}\n`);
    });
}
