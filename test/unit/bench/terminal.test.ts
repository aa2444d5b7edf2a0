import { describe, expect, test } from 'vitest';
import { terminalReport } from '../../../bench/report/terminal.ts';
import { cellOf, failed, measured, runOf, sampleRun } from './sample-run.ts';

const printed = (text: string): string => text.replaceAll(/ +$/gm, '');

function widest(text: string): number {
  const lines = printed(text).split('\n');
  return Math.max(...lines.map((line) => line.length));
}

describe('the report for a terminal', () => {
  test('is a table for each workload, then what the columns mean, then the warnings', () => {
    expect(printed(terminalReport(sampleRun))).toMatchInlineSnapshot(`
      "echo ×1
      #  model  messages/s    interval  rel     p50    p99 CPU µs MiB served see
      ───────────────────────────────────────────────────────────────────────────
      1~ brief     999,960 1.00M–1.00M 1.00  450 µs      –   10.0   5  10/10 1
      1~ steady     21,000 20.0k–22.0k 0.02 41.0 µs 100 µs   8.50  61  10/10
         absent skipped: needs linux, this is win32
         broken failed: node server.js | tee <log>: expected it to serve, it ended wit
                h exit code 1
                Error: *boom*
                    at __main (file:///s.js)
      No order is sure. Least CPU time per message: steady.

      echo ×64
      # model      messages/s interval  rel     p50 p99 CPU µs MiB served see
      ────────────────────────────────────────────────────────────────────────
      1 one-by-one        980  980–980 1.00 47.6 µs   –   10.0   5   1/64 1 2
      one-by-one served 1 of 64 connections.

      Medians over 3 trials of 1000 ms; interval: lowest to highest, 75 % sure (95 % takes 6 trials).
      Ended by: the number of trials, 3 of each row.
      #: 1 + the number of rows that are faster for sure; "~": an order is not sure, as intervals overlap.
      rel: rate in relation to the first row.
      CPU µs: CPU time per message of the whole server process tree. MiB: its peak resident memory.
      waits, preempted: context switches per message, because a thread had to wait, or lost its CPU. client µs: the load generator.
      served: connections that got a reply, of those that sent a request.
      "≥": only a lower bound, as some requests were never answered. "–": too few samples.

      Abacus 9000, 2 cores, linux-x64, kernel 6.1.0 #1 SMP, Node v20.20.0, sockbench 0.1.0 at 0123456789.
      Placement: server on CPU 0, client on CPU 1.
      Load average 0.50 before, 1.50 after; 1.2 % of the CPU time taken by the hypervisor.

      Warnings:
        1  too-few-samples: fewer than ten samples lie beyond p99.9 or a lower percentile, which is not printed; measure longer
        2  connections-unserved: connections never got a reply; the server serves fewer connections at once: use fewer --connections, or --messages-per-connection"
    `);
  });

  test('says nothing of warnings when there are none', () => {
    expect(terminalReport(runOf([cellOf('some', [measured()])]))).not.toContain('Warnings');
  });

  test('has rows as wide as without a failure, however long its reason', () => {
    const alone = runOf([cellOf('steady', [measured()])]);
    const besideFailure = runOf([...alone.cells, cellOf('broken', [failed(`${'word '.repeat(100)}\n${'x'.repeat(500)}`)])]);
    expect(widest(terminalReport(besideFailure))).toBeLessThanOrEqual(Math.max(100, widest(terminalReport(alone))));
    expect(terminalReport(besideFailure).replaceAll(/\s+/g, '')).toContain(`${'word'.repeat(100)}${'x'.repeat(500)}`);
  });
});
