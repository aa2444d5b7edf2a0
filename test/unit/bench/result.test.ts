import { describe, expect, test } from 'vitest';
import { parseRunResult } from '../../../bench/result.ts';
import type { SockbenchError } from '../../../errors/sockbench-error.ts';
import { cellOf, measured, runOf, sampleRun } from './sample-run.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The sample's JSON with another value at a path; `undefined` takes the field away. */
function withField(path: string, value: Json | undefined): unknown {
  const data = structuredClone(sampleRun) as unknown;
  const keys = path.split('.');
  const last = keys.pop()!;
  let parent = data as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return data;
}

describe('a results file', () => {
  test('is read as it was written', () => {
    expect(parseRunResult(JSON.parse(JSON.stringify(sampleRun)), 'latest.json')).toEqual(sampleRun);
  });

  test('may hold a run that was interrupted before anything was measured', () => {
    const run = runOf([cellOf('some', [])], { ended: 'interrupted' });
    expect(parseRunResult(run, 'latest.json')).toEqual(run);
  });

  test('may come from a machine without git, and from a system that says nothing of servers', () => {
    const trial = measured();
    if (trial.state === 'measured') delete trial.result.server;
    const run = runOf([cellOf('some', [trial])]);
    run.environment = { ...run.environment, commit: null, cleanTree: null };
    expect(parseRunResult(run, 'latest.json')).toEqual(run);
  });

  test.each<[string, Json | undefined, string]>([
    ['format', 'sockbench-run-2', 'expected "sockbench-run-1", got "sockbench-run-2"'],
    ['format', undefined, 'expected "sockbench-run-1", got nothing'],
    ['startedAt', 'yesterday', 'expected a time such as 2026-01-31T12:00:00.000Z, got "yesterday"'],
    ['seed', '7', 'expected number, received string, got "7"'],
    ['seed', undefined, 'expected number, received undefined, got nothing'],
    ['seed', null, 'expected number, received null, got null'], // what JSON makes of NaN
    ['rounds', 1.5, 'expected int, received number, got 1.5'],
    ['rounds', -1, 'expected number to be >=0, got -1'],
    ['environment', 'fast', 'expected object, received string, got "fast"'],
    ['cells', {}, 'expected array, received object, got {}'],
    ['cells.0.knobs.connections', undefined, 'expected number, received undefined, got nothing'],
    ['cells.0.trials.1.state', 'perfect', `Expected 'measured' | 'skipped' | 'failed', got "perfect"`],
    ['cells.0.trials.1.state', undefined, `Expected 'measured' | 'skipped' | 'failed', got nothing`],
    ['cells.2.trials.0.reason', undefined, 'expected string, received undefined, got nothing'],
    ['cells.0.trials.0.result.latencyNs.p50', -1, 'expected number to be >=0, got -1'],
    ['cells.0.trials.0.result.latencyNs.lowerBounds.0', 'p51', 'expected one of "p50"|"p90"|"p99"|"p999"|"max", got "p51"'],
    ['cells.1.trials.0.result.warnings.0.code', 'slow', 'expected one of "client-limited"|"client-busy"|"near-ceiling"'],
  ])('is refused when %s is %j', (path, value, complaint) => {
    const { code, message, remedy } = refusal(withField(path, value));
    expect(code).toBe('E_RESULT_FORMAT');
    expect(message).toMatch(new RegExp(`^latest\\.json: field ${path}: `));
    expect(message).toContain(complaint);
    expect(remedy).toBe('is it a results file of this version of sockbench?');
  });

  test.each([[null], [5], ['text'], [[]]])('is refused when it holds %j and no object', (data) => {
    expect(refusal(data).message).toMatch(/^latest\.json: field \(root\): .*expected object, .*, got /);
  });

  test('is refused in one line of bounded length, whatever it holds', () => {
    expect(refusal(withField('cells.0.knobs', 'x'.repeat(10_000))).message).toMatch(/^.{1,200}$/);
  });
});

function refusal(data: unknown): SockbenchError {
  try {
    parseRunResult(data, 'latest.json');
  } catch (error) {
    return error as SockbenchError;
  }
  throw new Error('expected a refusal, got a run');
}
