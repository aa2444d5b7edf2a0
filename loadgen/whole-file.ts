import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';

/**
 * Beside it first, then renamed: a reader, or a full disk, never sees half a file. A device or a pipe is written to, not replaced.
 * @throws SockbenchError E_RESULTS_FOLDER
 */
export function save(path: string, text: string): void {
  const temporary = temporaryIn(dirname(path));
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      writeFileSync(path, text);
      return;
    }
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new SockbenchError('E_RESULTS_FOLDER', `expected to write ${path}: ${describeError(cause)}`, { cause });
  }
}

/** Where something is written before it has its name. */
export const temporaryIn = (folder: string): string => join(folder, `.${process.pid}.tmp`);
