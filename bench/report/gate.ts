import Table from 'cli-table3';
import { metrics } from '../gate/metrics.ts';
import type { Comparison, GateResult, Row } from '../gate/result.ts';
import { rule } from '../gate/rule.ts';
import { formatCount, formatNs, formatShare } from './format.ts';
import { escapeCell, toMarkdown } from './markdown.ts';
import { printable } from './printable.ts';

const heads = ['server', 'metric', 'base', 'head', 'worse by', 'at most', 'p', 'blocks', 'verdict'] as const;
const aligns = ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'] as const;

/** What a gate found, for a terminal. */
export function gateReport(result: GateResult): string {
  const tables = result.comparisons.map((comparison) => {
    const table = new Table({ head: [...heads], colAligns: [...aligns], style: { head: [], border: [], compact: true } });
    for (const row of comparison.rows) table.push(cells(row));
    return [title(comparison), table.toString(), ...dropped(comparison)].join('\n');
  });
  return printable([...tables, LEGEND, conclusion(result)].join('\n\n'));
}

/** The same in Markdown, as for a pull request. */
export function gateMarkdown(result: GateResult): string {
  const sections = result.comparisons.flatMap((comparison) => [
    `### ${title(comparison)}`,
    toMarkdown(
      heads,
      aligns,
      comparison.rows.map((row) => cells(row).map(escapeCell)),
    ),
    ...dropped(comparison),
  ]);
  return [`## sockbench gate: ${result.verdict}`, escapeCell(conclusion(result)), ...sections, LEGEND, ''].join('\n\n');
}

const LEGEND =
  'worse by: Hodges-Lehmann estimate over blocks of fresh processes. at most: with 95 % confidence (exact signed-rank). ' +
  'p: one-sided; after a confirmation adjusted for its rows (Holm). clean: a slowdown of 5 % is excluded.';

function title({ against, revision, commit, loadGenerator }: Comparison): string {
  return `head against ${against} ${revision} (${commit.slice(0, 10)}); load generator: ${loadGenerator}`;
}

function cells({ contestant, metric, base, head, finding, verdict }: Row): string[] {
  const figure = (value: number | undefined): string => (value === undefined ? '–' : formatFigure(metric, value));
  const known =
    finding === undefined
      ? ['–', '–', '–', '–']
      : [
          signed(finding.effect),
          finding.upperBound === null ? '–' : signed(finding.upperBound),
          finding.p < 0.0001 ? '<0.0001' : finding.p.toFixed(4),
          `${finding.blocks}${finding.stage === 'confirm' ? ' fresh' : ''}`,
        ];
  const why = 'reason' in verdict ? `: ${verdict.reason}` : '';
  return [contestant, metrics[metric].title, figure(base), figure(head), ...known, `${verdict.state}${why}`];
}

const formatFigure = (metric: Row['metric'], value: number): string =>
  metrics[metric].unit === 'ns' ? formatNs(value) : formatCount(value);

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${formatShare(Math.abs(share))}`;

function dropped({ blocks }: Comparison): string[] {
  const reasons = blocks.flatMap((block) => block.dropped ?? []);
  return reasons.length === 0 ? [] : [`${reasons.length} of ${blocks.length} blocks dropped: ${[...new Set(reasons)].join('; ')}.`];
}

function conclusion({ verdict, comparisons, head, seed, durationMs }: GateResult): string {
  const rows = comparisons.flatMap((comparison) => comparison.rows);
  const names = (state: string): string =>
    comparisons
      .flatMap(({ against, rows: own }) =>
        own
          .filter(({ verdict: each }) => each.state === state)
          .map(
            ({ contestant, metric }) => `${contestant} ${metrics[metric].title}${comparisons.length > 1 ? ` (${against})` : ''}`,
          ),
      )
      .join(', ');
  const sentences = {
    clean: `Clean: no gated row is ${formatShare(rule.excluded)} slower.`,
    regressed: `Regressed: ${names('regressed')}.`,
    failed: `Failed: ${failures(rows).join('; ')}.`,
    invalid: `Not valid: ${names('invalid')}. Measure again when the machine is quiet.`,
    inconclusive: `Inconclusive: ${names('inconclusive')}. No regression is shown, and none is excluded.`,
  };
  const dirty = head.uncommitted.length === 0 ? '' : ` with ${head.uncommitted.length} uncommitted files`;
  return `${sentences[verdict]} Head ${head.commit.slice(0, 10)}${dirty}, seed ${seed}, ${(durationMs / 1000).toFixed(0)} s.`;
}

/** Once for each server, though all of its rows say so. */
function failures(rows: readonly Row[]): string[] {
  const found = rows.flatMap(({ contestant, verdict }) => (verdict.state === 'failed' ? [`${contestant}: ${verdict.reason}`] : []));
  return [...new Set(found)];
}
