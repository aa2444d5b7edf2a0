import { describe, expect, test } from 'vitest';
import { parseModelHeader } from '../../../../bench/docs/model-header.ts';

const header = (...lines: string[]): string =>
  ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */', 'import x;', ''].join('\n');

const whole = [
  'One thread serves,',
  'and sleeps.',
  '',
  '    socket ──[ thread ]~~> recv(A)',
  '',
  '        B',
  '',
  'Source: a book, ch. 3.',
  'Wins on cost. Loses as soon as',
  'a second client comes.',
];

describe('the header of a model', () => {
  test('is taken apart, its lines joined, its drawing kept as it is', () => {
    expect(parseModelHeader('one', header(...whole))).toEqual({
      mechanism: 'One thread serves, and sleeps.',
      drawing: 'socket ──[ thread ]~~> recv(A)\n\n    B',
      source: 'a book, ch. 3.',
      wins: 'Wins on cost.',
      loses: 'Loses as soon as a second client comes.',
    });
  });

  test.each([
    ['mechanism', whole.slice(3)],
    ['drawing', whole.filter((line) => !line.startsWith('    '))],
    ['source', whole.filter((line) => !line.startsWith('Source'))],
    ['verdict', whole.slice(0, 8)],
    ['comment', []],
  ])('without its %s is refused, with the name of the file', (_, lines) => {
    expect(() => parseModelHeader('servers/models/one.ts', header(...lines))).toThrow(
      expect.objectContaining({ code: 'E_MODEL_HEADER', message: expect.stringContaining('servers/models/one.ts') }),
    );
  });
});
