// `npm run fuzz`: random inputs, from a seed, for every parser of what comes from outside. Exits with 1 after a finding.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../../bench/commands/option-values.ts';
import { fuzz } from './fuzzing.ts';
import { parsers } from './parsers.ts';

const { values } = parseArgs({ options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string' } } });
const inputs = wholeNumber('--inputs', 1)(values.inputs);
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('--seed', 0)(values.seed);
const weights = parsers.reduce((sum, { weight }) => sum + weight, 0);

process.stdout.write(`seed ${seed}\n`);
let total = 0;
for (const parser of parsers) {
  const share = Math.ceil((inputs * parser.weight) / weights);
  try {
    fuzz(parser, share, seed);
    process.stdout.write(`${parser.name}: ${share} inputs\n`);
  } catch (error) {
    process.stdout.write(`${parser.name}: ${String(error)}\n`);
    process.exitCode = 1;
  }
  total += share;
}
process.stdout.write(
  `${total} inputs in all, ${process.exitCode === 1 ? 'with findings: put their texts into test/fuzz/corpus.ts' : 'no finding'}\n`,
);
