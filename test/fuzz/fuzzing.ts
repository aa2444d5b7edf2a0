import * as fc from 'fast-check';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { Parser } from './parsers.ts';

/** Whether the parser gives a value or says in its own words what is wrong. */
export function survives(parser: Parser, text: string): void {
  try {
    parser.parse(text);
  } catch (error) {
    if (!(error instanceof SockbenchError)) throw error;
  }
}

/** @throws what fast-check says of the shortest text that it doesn't survive, with the seed */
export function fuzz(parser: Parser, inputs: number, seed: number): void {
  fc.assert(
    fc.property(parser.texts, (text) => survives(parser, text)),
    { numRuns: inputs, seed },
  );
}
