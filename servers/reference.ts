import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FolderRegistry } from '../plugins/folder-registry.ts';

const run = promisify(execFile);

/** The same echo as somebody else would write it: what gives the models' figures a scale. One file in references/ each. */
export interface Reference {
  readonly name: string;
  readonly summary: string;
  /** Makes it ready to run. It listens on the port that follows the command, 0 for any free one, and echoes bytes. */
  prepare(): Promise<Prepared>;
}

export type Prepared = { state: 'ready'; command: string[] } | { state: 'absent'; reason: string };

export const references = new FolderRegistry<Reference>('reference', new URL('./references/', import.meta.url));

export const defineReference = (reference: Reference): Reference => reference;

/** Programs in other languages are not compiled into dist/, from where this runs. */
const program = (file: string): string => fileURLToPath(new URL(`../../servers/references/programs/${file}`, import.meta.url));

/** A program that an interpreter runs. */
export async function interpreted(interpreter: string, file: string): Promise<Prepared> {
  try {
    await run(interpreter, ['--version']);
    return { state: 'ready', command: [interpreter, program(file)] };
  } catch {
    return { state: 'absent', reason: `needs ${interpreter}, which is not installed` };
  }
}

/** A C program, compiled on the spot with `cc` into a folder that goes when this process does. */
export async function compiled(file: string): Promise<Prepared> {
  const binary = join(scratchFolder(), file.replace('.c', ''));
  try {
    await run('cc', ['-O2', '-o', binary, program(file)]);
    return { state: 'ready', command: [binary] };
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    return { state: 'absent', reason: code === 'ENOENT' ? 'needs cc, which is not installed' : `cc: ${stderr ?? String(error)}` };
  }
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
