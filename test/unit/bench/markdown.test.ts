import { describe, expect, test } from 'vitest';
import { markdownReport } from '../../../bench/report/markdown.ts';
import { cellOf, failed, measured, runOf, sampleRun } from './sample-run.ts';

const rowOf = (reason: string): string =>
  markdownReport(runOf([cellOf('some', [failed(reason)])]))
    .split('\n')
    .find((line) => line.startsWith('| some'))!;

describe('the report in Markdown', () => {
  test('is a table for each workload, then what the columns mean, then the warnings', () => {
    expect(markdownReport(sampleRun)).toMatchInlineSnapshot(`
      "# sockbench results

      2026-01-31T12:00:00.000Z, seed 7, framing length.

      Abacus 9000, 2 cores, linux-x64, kernel 6.1.0 #1 SMP, Node v20.20.0, sockbench 0.1.0 at 0123456789.

      ## echo ×1

      | model | messages/s | interval | p50 | p90 | p99 | p99.9 | max | CPU µs | MiB | served | see |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | brief | 999,960 | 1.00M–1.00M | 450 µs | 700 µs | – | – | 1.00 ms | 10.0 | 5 | 10/10 | 1 |
      | steady | 21,000 | 20.0k–22.0k | 41.0 µs | 52.0 µs | 100 µs | 1.00 ms | 5.00 ms | 8.50 | 61 | 10/10 |  |
      | absent | skipped: needs linux, this is win32 |
      | broken | failed: node server.js \\| tee \\<log\\>: expected it to serve, it ended with exit code 1 / Error: \\*boom\\* / at \\_\\_main (file:///s.js) |

      ## echo ×64

      | model | messages/s | interval | p50 | p90 | p99 | p99.9 | max | CPU µs | MiB | served | see |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | one-by-one | 980 | 980–980 | 47.6 µs | ≥404 ms | – | – | ≥809 ms | 10.0 | 5 | 1/64 | 1 2 |

      Medians over 3 trials of 1000 ms; interval: lowest to highest, 75 % sure (95 % takes 6 trials).
      CPU µs: CPU time per message of the whole server process tree. MiB: its peak resident memory.
      served: connections that got a reply, of those that sent a request.
      "≥": only a lower bound, as some requests were never answered. "–": too few samples.

      1. **too-few-samples**: fewer than ten samples lie beyond p99.9 or a lower percentile, which is not printed; measure longer

      2. **connections-unserved**: connections never got a reply; the server serves fewer connections at once: use fewer --connections, or --messages-per-connection

      "
    `);
  });

  test('says when the run was interrupted and when the code had uncommitted changes', () => {
    const run = runOf([cellOf('some', [measured()])], { interrupted: true });
    run.environment.cleanTree = false;
    expect(markdownReport(run)).toContain('seed 7, framing length, interrupted.');
    expect(markdownReport(run)).toContain('sockbench 0.1.0 at 0123456789 with uncommitted changes.');
  });

  test('names no commit where there is no git', () => {
    const run = runOf([cellOf('some', [measured()])]);
    run.environment = { ...run.environment, commit: null, cleanTree: null };
    expect(markdownReport(run)).toContain('sockbench 0.1.0.');
  });

  test.each([
    ['a | b', 'a \\| b'],
    ['a \\| b', 'a \\\\\\| b'], // an escaped backslash, then an escaped bar
    ['one\ntwo\r\n  three\rfour', 'one / two / three / four'],
    ['at <anonymous>', 'at \\<anonymous\\>'],
    ['<script>alert(1)</script>', '\\<script\\>alert(1)\\</script\\>'],
    ['&lt;', '\\&lt;'],
    ['![x](https://example.org/x)', '!\\[x\\](https://example.org/x)'],
    ['__main__ `code` *bold* ~~gone~~', '\\_\\_main\\_\\_ \\`code\\` \\*bold\\* \\~\\~gone\\~\\~'],
  ])('keeps %j in its cell, as it stands', (reason, cell) => {
    expect(rowOf(reason)).toBe(`| some | failed: ${cell} |`);
  });
});
