/** What `sockbench load` prints, where, and with which exit code. */
import { expect, test } from 'vitest';
import { LoadProcess } from './load-process.ts';
import { echo, echoToFirst, listenFor, unhurried, withoutPauses } from './load-target.ts';
import { withoutSignals } from './signals.ts';

test('--json prints one object on one line, with everything in it that was promised', async () => {
  const target = await listenFor(unhurried(echo));
  const { code, stdout, stderr, result } = await LoadProcess.cli(target.address, '-c', 2, '-p', 3, '-a', 120, '--json').result();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual(result); // the schema knows every field
  expect({ ...result, warnings: withoutPauses(result.warnings) }).toMatchObject({
    options: { target: { host: '127.0.0.1', port: target.port }, connections: 2, pipelining: 3, amount: 120, framing: 'line' },
    messages: 120,
    errors: { missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 },
    failures: {},
    unanswered: 0,
    connections: { opened: 2, served: 2 },
    warnings: [{ code: 'too-few-samples', value: 0, limit: 10, remedy: 'measure longer' }],
    interrupted: false,
  });
  const { p50, p90, p99, p999, max, mean, count, lowerBounds } = result.latencyNs;
  expect({ p99, p999, count, lowerBounds }).toEqual({ p99: null, p999: null, count: 120, lowerBounds: [] });
  expect(p50).toBeGreaterThan(0);
  expect(p90).toBeGreaterThanOrEqual(p50!);
  expect(max).toBeGreaterThanOrEqual(p90!);
  expect(max).toBeGreaterThanOrEqual(mean);
  expect(result.messagesPerSecond).toBeCloseTo((120 * 1000) / result.durationMs, 3);
  expect(result.cpuNsPerMessage).toBeGreaterThanOrEqual(0); // not every clock sees so little
  expect(result).not.toHaveProperty('server'); // it was not started from here
});

test('without --json a table for people is printed, and nothing moves where there is no terminal', async () => {
  const { address } = await listenFor(echo);
  const { code, stdout, stderr } = await LoadProcess.cli(address, '-a', 50).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('messages/s');
  expect(stdout).toContain('10 served of 10');
  expect(stdout).not.toMatch(/[\r\b\u001B]/);
});

test('a latency that is only a lower bound is printed with ≥', async () => {
  const { address } = await listenFor(echoToFirst);
  const { stdout } = await LoadProcess.cli(address, '-c', 20, '-a', 25).ended;
  expect(stdout).toMatch(/p50 ≥.* p90 [^≥]*–.* max ≥/);
  expect(stdout).toContain('1 served of 20');
});

test('dist/loadgen/main.js prints the same object for the same wishes', async () => {
  const { host, port } = await listenFor(echo);
  const { code, result } = await LoadProcess.main({ target: { host, port }, connections: 2, amount: 30 }).result();
  expect(code).toBe(0);
  expect(result).toMatchObject({ messages: 30, connections: { opened: 2, served: 2 } });
});

test('Ctrl-C prints what was measured until then, and exits with 130', async (context) => {
  if (withoutSignals !== undefined) context.skip(withoutSignals);
  let answered = 0;
  const target = await listenFor((asked) => {
    answered += 1;
    echo(asked);
    if (answered === 200) load.signal('SIGINT');
  });
  const load = LoadProcess.cli(target.address, '-c', 2, '-d', '10m', '--warmup', '0', '--json');
  const { code, result, stderr } = await load.result();
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(result.interrupted).toBe(true);
  expect(result.messages).toBeGreaterThanOrEqual(198); // two may have been on their way
  expect(result.durationMs).toBeLessThan(600_000);
  expect(Object.values(result.errors)).toEqual([0, 0, 0, 0, 0]);
});

test('Ctrl-C while nobody answers still ends it, with a result that says that nothing was measured', async (context) => {
  if (withoutSignals !== undefined) context.skip(withoutSignals);
  const target = await listenFor(() => load.signal('SIGINT'));
  const load = LoadProcess.cli(target.address, '-c', 1, '-d', '10m', '--json');
  const { code, result } = await load.result();
  expect(code).toBe(130);
  expect(result).toMatchObject({ messages: 0, unanswered: 1, connections: { opened: 1, served: 0 } });
});
