import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import { htmlReport } from './report/html.ts';
import { markdownReport } from './report/markdown.ts';
import { save, temporaryIn } from '../loadgen/whole-file.ts';
import { parseRunResult, readResult, runResult, type RunResult } from './result.ts';

/** Where results go: the latest run as JSON, Markdown, page and pictures, and every run under runs/. */
export class ResultsFolder {
  readonly #folder: string;

  /** Creates the folder, so that a path that can't be written fails before anything is measured. */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      ensureFolder(join(folder, 'runs'));
      for (const each of [folder, join(folder, 'runs')]) tryToWrite(each);
    } catch (cause) {
      throw new SockbenchError('E_RESULTS_FOLDER', `expected to write results to ${folder}: ${describeError(cause)}`, { cause });
    }
  }

  /** Saves a run under runs/, whole or not at all. */
  saveRun(run: RunResult): string {
    const path = join(this.#folder, 'runs', `${run.startedAt.replaceAll(':', '-')}.json`);
    save(path, toJson(run));
    return path;
  }

  /** What cannot fail comes first. */
  async saveLatest(run: RunResult): Promise<void> {
    save(join(this.#folder, 'latest.json'), toJson(run));
    save(join(this.#folder, 'latest.md'), markdownReport(run));
    savePage(join(this.#folder, 'report.html'), run);
    const { pictures } = await import('./report/pictures.ts'); // here, as echarts takes its time
    for (const [file, svg] of pictures(run)) {
      if (svg === undefined) rmSync(join(this.#folder, file), { force: true }); // one of an earlier run
      else save(join(this.#folder, file), svg);
    }
  }
}

/** The interactive report, one self-contained file. */
export function savePage(path: string, run: RunResult): void {
  save(path, htmlReport(run));
}

/** @throws SockbenchError E_RESULT_FORMAT, E_RESULT_FILE */
export const readRun = (path: string): RunResult => readResult(runResult, path);

/** As mkdir -p. Node's own `recursive` never returns where the kernel says ENOENT to a mkdir in a folder that exists, as in /proc. */
function ensureFolder(path: string): void {
  if (existsSync(path)) return;
  ensureFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another run was faster
  }
}

function toJson(run: RunResult): string {
  return `${JSON.stringify(parseRunResult(run, 'this run'))}\n`;
}

function tryToWrite(folder: string): void {
  writeFileSync(temporaryIn(folder), '');
  rmSync(temporaryIn(folder));
}
