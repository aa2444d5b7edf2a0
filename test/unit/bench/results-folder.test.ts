import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRun, ResultsFolder } from '../../../bench/results-folder.ts';
import { sampleRun } from './sample-run.ts';

let base = '';
let folder = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sockbench-results-'));
  folder = join(base, 'not', 'there', 'yet');
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

describe('a results folder', () => {
  test('is made with all that is above it, and holds nothing at first', () => {
    expect(new ResultsFolder(folder)).toBeDefined();
    expect(readdirSync(folder, { recursive: true })).toEqual(['runs']);
  });

  test('keeps every run by its start, in a name that every file system takes', () => {
    const results = new ResultsFolder(folder);
    const first = results.saveRun(sampleRun);
    const second = results.saveRun({ ...sampleRun, startedAt: '2026-01-31T12:00:01.000Z' });
    expect(readdirSync(join(folder, 'runs'))).toEqual(['2026-01-31T12-00-00.000Z.json', '2026-01-31T12-00-01.000Z.json']);
    expect([readRun(first).startedAt, readRun(second).startedAt]).toEqual(['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:01.000Z']);
  });

  test('replaces what it saved of a run before', () => {
    const results = new ResultsFolder(folder);
    results.saveRun({ ...sampleRun, cells: [] });
    expect(readRun(results.saveRun(sampleRun))).toEqual(sampleRun);
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(1);
  });

  test('saves nothing that it could not read', () => {
    const results = new ResultsFolder(folder);
    expect(() => results.saveRun({ ...sampleRun, seed: Number.NaN })).toThrow(expect.objectContaining({ code: 'E_RESULT_FORMAT' }));
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  test.each(['../../../stolen', '/stolen', '2026-01-31T12:00:00.000Z/../../../../stolen'])(
    'is not left by a run that says it began at %s, as one from outside may',
    (startedAt) => {
      const results = new ResultsFolder(folder);
      expect(() => results.saveRun({ ...sampleRun, startedAt })).toThrow(expect.objectContaining({ code: 'E_RESULT_FORMAT' }));
      expect(readdirSync(base)).toEqual(['not']);
      expect(readdirSync(folder, { recursive: true })).toEqual(['runs']);
    },
  );
});

describe('a results folder that cannot be written is refused before anything is measured', () => {
  const refusal = expect.objectContaining({
    code: 'E_RESULTS_FOLDER',
    message: expect.stringContaining('expected to write results to '),
  });

  test('when a file is in its place', () => {
    writeFileSync(join(base, 'file'), 'precious');
    expect(() => new ResultsFolder(join(base, 'file'))).toThrow(refusal);
    expect(() => new ResultsFolder(join(base, 'file', 'below'))).toThrow(refusal);
    expect(readFileSync(join(base, 'file'), 'utf8')).toBe('precious');
  });

  test('when a file is in the place of its runs', () => {
    writeFileSync(join(base, 'runs'), 'precious');
    expect(() => new ResultsFolder(base)).toThrow(refusal);
  });

  test('when it is there, and one may not write to it', (context) => {
    if (process.geteuid === undefined) context.skip('needs a system that keeps users apart');
    expect(new ResultsFolder(folder)).toBeDefined();
    chmodSync(base, 0o755);
    chmodSync(folder, 0o555);
    asOrdinaryUser(() => expect(() => new ResultsFolder(folder)).toThrow(refusal));
    chmodSync(folder, 0o755);
  });
});

describe('a results file', () => {
  test('that is not there is an error that says so', () => {
    expect(() => readRun(join(base, 'none.json'))).toThrow(/none\.json: expected a results file in JSON, got ENOENT/);
  });

  test('that is no JSON is an error that says so', () => {
    writeFileSync(join(base, 'cut.json'), '{"format":');
    expect(() => readRun(join(base, 'cut.json'))).toThrow(/cut\.json: expected a results file in JSON, got .*JSON/);
  });
});

/** To root, every folder is open. */
function asOrdinaryUser(act: () => void): void {
  if (process.geteuid?.() !== 0) {
    act();
    return;
  }
  process.seteuid!(65_534);
  try {
    act();
  } finally {
    process.seteuid!(0);
  }
}
