import { metrics } from './metrics.ts';
import type { Comparison, GateResult, Row } from './result.ts';

/**
 * JUnit XML with one case for each row: a regression or failure fails, what decides nothing is skipped.
 * Written by hand: four elements, in the form that Jenkins, GitLab and GitHub's readers agree on.
 */
export function toJunit({ comparisons, durationMs, startedAt }: GateResult): string {
  const suites = comparisons.map((comparison) => suite(comparison, startedAt));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sockbench gate" time="${seconds(durationMs)}">\n${suites.join('')}</testsuites>\n`;
}

function suite({ against, revision, rows }: Comparison, startedAt: string): string {
  const count = (...states: string[]): number => rows.filter(({ verdict }) => states.includes(verdict.state)).length;
  const attributes = [
    `name="${escape(`${against} ${revision}`)}"`,
    `timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`,
    `tests="${rows.length}"`,
    `failures="${count('regressed')}"`,
    `errors="${count('failed')}"`,
    `skipped="${rows.length - count('clean', 'regressed', 'failed')}"`,
  ];
  return `  <testsuite ${attributes.join(' ')}>\n${rows.map(testcase).join('')}  </testsuite>\n`;
}

function testcase({ contestant, metric, verdict, finding }: Row): string {
  const name = `    <testcase classname="${escape(contestant)}" name="${escape(metrics[metric].title)}"`;
  const found =
    finding === undefined
      ? ''
      : `${(finding.effect * 100).toFixed(2)} % worse, p ${finding.p.toPrecision(3)}, ${finding.blocks} blocks`;
  if (verdict.state === 'clean') return `${name}/>\n`;
  const message = `message="${escape('reason' in verdict ? `${verdict.state}: ${verdict.reason}` : found)}"`;
  const element = { regressed: 'failure', failed: 'error' }[verdict.state as string] ?? 'skipped';
  return `${name}>\n      <${element} ${message}/>\n    </testcase>\n`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** Characters that XML 1.0 can't hold at all, as a server's last words may have, are left out. */
function escape(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what it is about
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '').replaceAll(/[&<>"\n]/g, (found) => entities[found]!);
}
