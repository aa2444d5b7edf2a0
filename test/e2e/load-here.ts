import { load } from 'sockbench';
import type { LoadOptions } from '../../loadgen/options.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import { inDist, parseLoadResult } from './load-process.ts';

const { exitCodeOf } = (await import(inDist('bench/commands/load.js'))) as typeof import('../../bench/commands/load.ts');

type Address = NonNullable<LoadOptions['target']>;

/** Its result, as `sockbench load --json` would have printed it, and the code with which that would have ended. */
export interface Loaded {
  result: LoadResult;
  code: number;
}

/** The compiled load generator in this process, which starts faster than one of its own. */
export async function loadHere({ host, port }: Address, options: Partial<LoadOptions>): Promise<Loaded> {
  const result = parseLoadResult(JSON.stringify(await load({ target: { host, port }, ...options })));
  return { result, code: exitCodeOf(result) };
}
