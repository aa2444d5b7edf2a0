import { appendFileSync } from 'node:fs';
import { toBencher, toBenchmarkAction, toHistoryLine } from '../gate/exports.ts';
import { toJunit } from '../gate/junit.ts';
import { save } from '../../loadgen/whole-file.ts';
import type { GateResult } from '../gate/result.ts';
import { gateMarkdown } from '../report/gate.ts';
import type { GateFlags } from './gate.ts';

interface Output {
  path: string;
  text(result: GateResult): string;
  append?: true;
}

/** The files that a gate was asked to write. */
export class GateOutputs {
  readonly #outputs: Output[];

  /** Opens each: what can't be written should fail before anything is measured. */
  constructor(flags: Pick<GateFlags, 'markdown' | 'junit' | 'benchmarkAction' | 'bencher' | 'history'>) {
    const wanted: (Omit<Output, 'path'> & { path: string | undefined })[] = [
      { path: flags.markdown, text: gateMarkdown },
      { path: process.env['GITHUB_STEP_SUMMARY'], text: gateMarkdown, append: true },
      { path: flags.junit, text: toJunit },
      { path: flags.benchmarkAction, text: (result) => inJson(toBenchmarkAction(result)) },
      { path: flags.bencher, text: (result) => inJson(toBencher(result)) },
      { path: flags.history, text: toHistoryLine, append: true },
    ];
    this.#outputs = wanted.flatMap(({ path, ...rest }) => (path === undefined || path === '' ? [] : [{ path, ...rest }]));
    for (const { path } of this.#outputs) appendFileSync(path, '');
  }

  write(result: GateResult): void {
    for (const output of this.#outputs) (output.append ? appendFileSync : save)(output.path, output.text(result));
  }
}

const inJson = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
