import { randomInt } from 'node:crypto';
import process from 'node:process';

const given = process.env['SOCKBENCH_SEED'];

/** Every random choice in these tests comes from this number: each run tries other streams, and any run can be repeated. */
export const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
if (!Number.isInteger(seed)) throw new Error(`SOCKBENCH_SEED: expected a whole number, got ${JSON.stringify(given)}`);

console.log(`seed ${seed}; to repeat: SOCKBENCH_SEED=${seed} npx vitest run --project unit test/unit/framing`);
