import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../bench/report/html.ts';
import type { PageData } from '../../../bench/report/page-data.ts';
import { cellOf, measured, runOf } from './sample-run.ts';
import { hostile, reportRun } from './report-run.ts';

const dataIn = (html: string): PageData => {
  const [, base64] = /<script type="application\/gzip\+base64" id="data">([^<]*)<\/script>/.exec(html)!;
  return JSON.parse(gunzipSync(Buffer.from(base64!, 'base64')).toString()) as PageData;
};

describe('the page', () => {
  test('contains the whole run', () => {
    expect(dataIn(htmlReport(reportRun, '')).run).toEqual(reportRun);
  });

  test('ends its scripts where they end, whatever the run and the script contain', () => {
    const html = htmlReport(reportRun, `const end = '</script><script>';`);
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).toContain(String.raw`const end = '\x3C/script>\x3Cscript>';`);
    expect(html).not.toContain(hostile);
  });

  test('loads nothing from anywhere and runs no script but its own', () => {
    const html = htmlReport(reportRun, 'draw()');
    expect(html).toContain(`default-src 'none'; script-src 'sha256-`);
    expect(html).not.toMatch(/\b(src|href)="(?!#|data:)/);
    expect(html).not.toMatch(/@import|url\(/);
  });

  test('stays below three megabytes with two thousand trials and the script', () => {
    const curve = (seed: number) =>
      Array.from({ length: 45 }, (_, at): [number, number] => [at / 45, 40_000 + ((seed * 7919 + at * 104_729) % 90_001)]);
    const trial = (seed: number) =>
      measured({
        messagesPerSecond: 1e5 / (seed + 1),
        cpuNsPerMessage: seed / 7,
        latencyCurve: { points: curve(seed), lowerBoundFrom: null },
      });
    const cells = Array.from({ length: 200 }, (_, model) =>
      cellOf(
        `model-${model}`,
        Array.from({ length: 10 }, (_unused, number) => trial(model * 10 + number)),
      ),
    );
    expect(htmlReport(runOf(cells), 'x'.repeat(600_000)).length).toBeLessThan(3e6);
  });
});
