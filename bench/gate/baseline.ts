import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { describeEnvironment } from '../environment.ts';
import { save } from '../../loadgen/whole-file.ts';
import { environment, readResult } from '../result.ts';
import { gatePlan } from './plan.ts';
import { blockRecord } from './result.ts';
import { LOAD_GENERATOR_FOLDERS } from './measure.ts';

const circumstances = z.object({
  ...environment.omit({ commit: true, cleanTree: true, loadAverage: true }).shape,
  /** SHA-256 of its compiled code. */
  loadGenerator: z.string(),
});

/** What later measurements on the same machine are held against. */
export const baseline = z.object({
  format: z.literal('sockbench-baseline-1'),
  savedAt: z.iso.datetime(),
  /** Of the repository in which it was measured. */
  commit: z.string(),
  circumstances,
  /** What was measured, and how: the same again. */
  settings: z.object({
    models: z.array(z.string()).exactOptional(),
    servers: z.array(z.string()),
    framing: z.string(),
    sizeBytes: z.number(),
    connections: z.number().exactOptional(),
    plan: gatePlan,
  }),
  /** Of two equal arms, base and base again, in both stages. */
  blocks: z.array(blockRecord),
});

export type Baseline = z.infer<typeof baseline>;

/** What must be the same for figures of two days to be comparable. */
export function describeCircumstances(): Baseline['circumstances'] {
  return circumstances.parse({ ...describeEnvironment(), loadGenerator: loadGeneratorDigest() });
}

/**
 * @throws SockbenchError E_RESULT_FILE, E_RESULT_FORMAT where the file holds none, E_ENVIRONMENT naming the first field in which
 *   this machine is not what it was
 */
export function readBaseline(path: string): Baseline {
  const saved = readResult(baseline, path);
  const now = describeCircumstances();
  for (const [field, before] of Object.entries(saved.circumstances)) {
    const found = now[field as keyof typeof now];
    if (isDeepStrictEqual(found, before)) continue;
    throw new SockbenchError(
      'E_ENVIRONMENT',
      `${path}: expected ${field} to be as it was, ${JSON.stringify(before)}, got ${JSON.stringify(found)}`,
      { remedy: 'figures of another environment say nothing about a change: save a new baseline, with --save-baseline' },
    );
  }
  return saved;
}

export function writeBaseline(path: string, saved: Baseline): void {
  mkdirSync(dirname(path), { recursive: true });
  save(path, `${JSON.stringify(saved)}\n`);
}

/** The load generator measures both days, so it must be the same on both. */
function loadGeneratorDigest(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  for (const folder of LOAD_GENERATOR_FOLDERS) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    for (const name of names.toSorted()) hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)));
  }
  return hash.digest('hex');
}
