import { describe, expect, test } from 'vitest';
import { markdownReport } from '../../../bench/report/markdown.ts';
import { cellOf, failed, measured, runOf, sampleRun } from './sample-run.ts';

const rowOf = (reason: string): string =>
  markdownReport(runOf([cellOf('some', [failed(reason)])]))
    .split('\n')
    .find((line) => line.includes('| some |'))!;

describe('the report in Markdown', () => {
  test('is a table for each workload, then what the columns mean, then the warnings', () => {
    expect(markdownReport(sampleRun)).toMatchInlineSnapshot(`
      "# sockbench results

      2026-01-31T12:00:00.000Z, seed 7, framing length.

      Abacus 9000, 2 cores, linux-x64, kernel 6.1.0 \\#1 SMP, Node v20.20.0, sockbench 0.1.0 at 0123456789.
      Placement: server on CPU 0, client on CPU 1.
      Load average 0.50 before, 1.50 after; 1.2 % of the CPU time taken by the hypervisor.

      ## echo ×1

      | \\# | model | messages/s | interval | rel | p50 | p99 | CPU µs | MiB | served | see |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | 1\\~ | brief | **999,960** | 1.00M–1.00M | 1.00 | 450 µs | – | 10.0 | **5** | 10/10 | 1 |
      | 1\\~ | steady | 21,000 | 20.0k–22.0k | 0.02 | **41.0 µs** | 100 µs | **8.50** | 61 | 10/10 |  |
      |  | absent | skipped: needs linux, this is win32 |
      |  | broken | failed: node server.js \\| tee \\<log\\>: expected it to serve, it ended with exit code 1 / Error: \\*boom\\* / at \\_\\_main (file:///s.js) |

      No order is sure. Least CPU time per message: steady.

      What a message costs:

      | model | user µs | kernel µs | waits | preempted | processes | threads | client µs |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | brief | 2.50 | 7.50 | 0.500 | 0.010 | 1 | 11 | 5.00 |
      | steady | 2.13 | 6.38 | 0.500 | 0.010 | 1 | 11 | 5.00 |

      ## echo ×64

      | \\# | model | messages/s | interval | rel | p50 | p99 | CPU µs | MiB | served | see |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | 1 | one-by-one | 980 | 980–980 | 1.00 | 47.6 µs | – | 10.0 | 5 | 1/64 | 1 2 |

      one-by-one served 1 of 64 connections.

      What a message costs:

      | model | user µs | kernel µs | waits | preempted | processes | threads | client µs |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | one-by-one | 2.50 | 7.50 | 0.500 | 0.010 | 1 | 11 | 5.00 |

      Medians over 3 trials of 1000 ms; interval: lowest to highest, 75 % sure (95 % takes 6 trials).
      Ended by: the number of trials, 3 of each row.
      #: 1 + the number of rows that are faster for sure; "~": an order is not sure, as intervals overlap.
      rel: rate in relation to the first row.
      CPU µs: CPU time per message of the whole server process tree. MiB: its peak resident memory.
      waits, preempted: context switches per message, because a thread had to wait, or lost its CPU. client µs: the load generator.
      served: connections that got a reply, of those that sent a request.
      "≥": only a lower bound, as some requests were never answered. "–": too few samples.

      1. **too-few-samples**: fewer than ten samples lie beyond p99.9 or a lower percentile, which is not printed; measure longer

      2. **connections-unserved**: connections never got a reply; the server serves fewer connections at once: use fewer --connections, or --messages-per-connection

      "
    `);
  });

  test('says when the run was interrupted and when the code had uncommitted changes', () => {
    const run = runOf([cellOf('some', [measured()])], { ended: 'interrupted' });
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
    expect(rowOf(reason)).toBe(`|  | some | failed: ${cell} |`);
  });
});
