import { expect, test } from 'vitest';
import { byName, framingNames } from '../../../framing/framing.ts';

test('there are three framings, each found under its name', () => {
  expect(framingNames).toEqual(['fixed', 'length', 'line']);
  expect(framingNames.map((name) => byName(name).name)).toEqual(framingNames);
});

test.each([
  ['lenght', 'length'],
  ['lines', 'line'],
  ['fixd', 'fixed'],
])('the misspelt name %s is an error that names %s', (misspelt, nearest) => {
  expect(() => byName(misspelt)).toThrow(
    expect.objectContaining({
      code: 'E_UNKNOWN_NAME',
      message: `framing: expected one of fixed, length, line, got "${misspelt}"`,
      remedy: `nearest: ${nearest}`,
    }),
  );
});

test.each(['', ' line', 'constructor', '__proto__', 'toString'])('%j is no framing', (name) => {
  expect(() => byName(name)).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_NAME' }));
});
