import { appendFileSync, writeFileSync } from 'node:fs';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { byName } from '../../framing/framing.ts';
import { gate, type GateSettings } from '../gate/gate.ts';
import { toBencher, toBenchmarkAction, toHistoryLine } from '../gate/exports.ts';
import { toJunit } from '../gate/junit.ts';
import { Repository } from '../gate/repository.ts';
import { exitCodes, type GateResult } from '../gate/result.ts';
import { gateMarkdown, gateReport } from '../report/gate.ts';
import { gateProgress } from '../report/gate-progress.ts';
import type { GateFlags } from './gate.ts';

const INTERRUPTED = 130;

/** @returns the exit code */
export async function runGate(flags: GateFlags): Promise<number> {
  byName(flags.framing);
  if (flags.base === undefined) {
    throw new SockbenchError('E_OPTION', 'expected --base REVISION, got none', { remedy: 'sockbench gate --base main' });
  }
  const outputs = outputsOf(flags);
  for (const { path } of outputs) appendFileSync(path, ''); // what can't be written should fail before anything is measured
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const progress = gateProgress();
  try {
    const result = await gate(new Repository(process.cwd()), settingsOf(flags, flags.base), progress, interrupt.signal);
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${gateReport(result)}\n`);
    for (const { path, text, append } of outputs) (append ? appendFileSync : writeFileSync)(path, text(result));
    return exitCodes[result.verdict];
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write(`sockbench: interrupted; ${describeError(error)}\n`);
    return INTERRUPTED;
  }
}

function settingsOf(flags: GateFlags, base: string): GateSettings {
  const { anchor, models, server, build, framing, size, connections, seed } = flags;
  return {
    base,
    ...(anchor !== undefined && { anchor }),
    ...(models !== undefined && { models }),
    servers: server,
    ...(build !== undefined && { build }),
    framing,
    sizeBytes: size,
    ...(connections !== undefined && { connections }),
    seed: seed ?? Math.floor(Math.random() * 2 ** 31),
  };
}

interface Output {
  path: string;
  text(result: GateResult): string;
  append?: true;
}

function outputsOf(flags: GateFlags): Output[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  const wanted: (Omit<Output, 'path'> & { path: string | undefined })[] = [
    { path: flags.markdown, text: gateMarkdown },
    { path: process.env['GITHUB_STEP_SUMMARY'], text: gateMarkdown, append: true },
    { path: flags.junit, text: toJunit },
    { path: flags.benchmarkAction, text: (result) => json(toBenchmarkAction(result)) },
    { path: flags.bencher, text: (result) => json(toBencher(result)) },
    { path: flags.history, text: toHistoryLine, append: true },
  ];
  return wanted.flatMap(({ path, ...rest }) => (path === undefined || path === '' ? [] : [{ path, ...rest }]));
}
