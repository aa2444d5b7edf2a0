/** Every parser of outside input gives a value or a SockbenchError; `npm run fuzz` tries a million inputs. */
import { describe, expect, test } from 'vitest';
import { corpus } from '../fuzz/corpus.ts';
import { fuzz, survives } from '../fuzz/fuzzing.ts';
import { parsers } from '../fuzz/parsers.ts';
import { seed } from './framing/seed.ts';

describe.each(parsers)('$name', (parser) => {
  test('survives what is in the corpus', () => {
    for (const text of corpus[parser.name] ?? []) survives(parser, text);
  });

  test('survives a hundred inputs more', () => {
    fuzz(parser, 100, seed);
  });
});

test('everything in the corpus is for a parser that there is', () => {
  expect(Object.keys(corpus).filter((name) => !parsers.some((parser) => parser.name === name))).toEqual([]);
});
