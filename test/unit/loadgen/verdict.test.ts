import { describe, expect, test } from 'vitest';
import { verdictOn } from '../../../loadgen/verdict.ts';
import { soundResult } from './sound-result.ts';

const { server, options } = soundResult();
const [rested, tired] = [0.5, 0.95];

describe('the verdict', () => {
  test.each([
    [rested, rested, 'neither'],
    [rested, tired, 'server-limited'],
    [tired, rested, 'client-limited'],
    [tired, tired, 'both'],
  ] as const)('with the client %d busy and the busiest thread of the server %d is %s', (clientBusy, busiestThread, verdict) => {
    const result = soundResult({ clientBusy, server: { ...server!, busyCpus: busiestThread, busiestThread } });
    expect(verdictOn({ ...result, options: { ...options, serverCpus: [0, 1] } })).toBe(verdict);
  });

  test('counts a server as busy whose many threads together use up its CPUs', () => {
    const threads = { ...server!, busyCpus: 1.85, busiestThread: 0.2 };
    expect(verdictOn(soundResult({ server: threads, options: { ...options, serverCpus: [0, 1] } }))).toBe('server-limited');
    expect(verdictOn(soundResult({ server: threads, options: { ...options, serverCpus: [0, 1, 2] } }))).toBe('neither');
  });

  test('is unknown without the CPU time of the server, and after too short a time', () => {
    const { server: _, ...without } = soundResult();
    expect(verdictOn(without)).toBe('unknown');
    expect(verdictOn(soundResult({ durationMs: 50 }))).toBe('unknown');
  });
});
