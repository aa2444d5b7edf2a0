import { describe, expect, test } from 'vitest';
import {
  duration,
  hostAndPort,
  nameList,
  portNumber,
  wholeNumber,
  writtenDuration,
} from '../../../bench/commands/option-values.ts';

describe('a duration', () => {
  test.each([
    ['10', 10_000],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['500ms', 500],
    ['2m', 120_000],
    ['0.25m', 15_000],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(duration('--duration')(text)).toBe(ms);
  });

  test.each(['500ms', '1500ms', '10s', '90s', '1m', '60m'])('of %s is written so', (text) => {
    expect(writtenDuration(duration('--duration')(text))).toBe(text);
  });

  test.each(['', 'ten', '-1s', '1h', '1e3', '1 s', 's', '1.s', '.5s', '1s2', 'Infinity', ' 1', '１０'])('%j is refused', (text) => {
    expect(() => duration('--warmup')(text)).toThrow(
      expect.objectContaining({
        code: 'E_OPTION',
        message: `--warmup: expected a duration such as 10, 10s, 500ms or 2m, got ${JSON.stringify(text)}`,
      }),
    );
  });
});

describe('a whole number', () => {
  test.each([
    ['1', 1],
    ['64', 64],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is %d', (text, value) => {
    expect(wholeNumber('--trials', 1)(text)).toBe(value);
  });

  test.each(['', ' ', '0', '-1', '1.5', 'three', '1,000', 'NaN', 'Infinity', '9007199254740993'])('%j is refused', (text) => {
    expect(() => wholeNumber('--trials', 1)(text)).toThrow(
      expect.objectContaining({
        code: 'E_OPTION',
        message: `--trials: expected a whole number of at least 1, got ${JSON.stringify(text)}`,
      }),
    );
  });

  test('may be 0 where that means something', () => {
    expect(wholeNumber('--seed', 0)('0')).toBe(0);
  });
});

describe('HOST:PORT', () => {
  test.each([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
  ])('%s is an address', (text, address) => {
    expect(hostAndPort(text)).toEqual(address);
  });

  test.each([
    '',
    '8080',
    'localhost',
    ':8080',
    'localhost:',
    'localhost:http',
    'localhost:0',
    'localhost:65536',
    '::1:80',
    '[]:80',
  ])('%j is refused', (text) => {
    expect(() => hostAndPort(text)).toThrow(
      expect.objectContaining({
        code: 'E_OPTION',
        message: `HOST:PORT: expected an address such as 127.0.0.1:8080 or [::1]:8080, got ${JSON.stringify(text)}`,
      }),
    );
  });
});

describe('a port to listen on', () => {
  test.each([
    ['0', 0],
    ['65535', 65_535],
  ])('%s is one', (text, port) => {
    expect(portNumber('--port')(text)).toBe(port);
  });

  test.each([
    ['65536', '--port: expected a port from 0 (any free one) to 65535, got "65536"'],
    ['-1', '--port: expected a whole number of at least 0, got "-1"'],
    ['http', '--port: expected a whole number of at least 0, got "http"'],
  ])('%s is refused', (text, message) => {
    expect(() => portNumber('--port')(text)).toThrow(expect.objectContaining({ code: 'E_OPTION', message }));
  });
});

describe('a list of names', () => {
  test.each([
    ['event-loop', ['event-loop']],
    ['event-loop,cluster', ['event-loop', 'cluster']],
    [' event-loop , cluster ', ['event-loop', 'cluster']],
    ['event-loop,', ['event-loop', '']], // the empty name is refused as unknown, with all that there are
  ])('%j is %j', (text, names) => {
    expect(nameList(text)).toEqual(names);
  });
});
