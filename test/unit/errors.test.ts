import { describe, expect, test } from 'vitest';
import { unknownName } from '../../errors/choice.ts';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';

describe('a SockbenchError', () => {
  test('is an Error with code, remedy and cause', () => {
    const cause = new Error('below');
    const error = new SockbenchError('E_SOMETHING', 'expected a, got b', { remedy: 'give a', cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'SockbenchError',
      code: 'E_SOMETHING',
      message: 'expected a, got b',
      remedy: 'give a',
      cause,
    });
  });

  test('has no cause and no remedy unless given', () => {
    const error = new SockbenchError('E_SOMETHING', 'expected a, got b');
    expect('cause' in error).toBe(false);
    expect(error.remedy).toBeUndefined();
  });
});

describe('describeError', () => {
  test('puts the code before the message', () => {
    expect(describeError(new SockbenchError('E_SOMETHING', 'expected a, got b'))).toBe('E_SOMETHING: expected a, got b');
  });

  test('does not repeat a code that the message has, as in errors of the system', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(describeError(error)).toBe('connect ECONNREFUSED 127.0.0.1:1');
  });

  test('is the message alone where there is no code', () => {
    expect(describeError(new RangeError('out of range'))).toBe('out of range');
  });

  test.each([
    ['broken', 'broken'],
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
  ])('takes what is thrown without being an Error: %j', (thrown, description) => {
    expect(describeError(thrown)).toBe(description);
  });
});

describe('an unknown name', () => {
  test('is reported with what was expected, what came, and the nearest', () => {
    expect(unknownName('model', 'event-lop', ['blocking', 'cluster', 'event-loop'])).toMatchObject({
      code: 'E_UNKNOWN_NAME',
      message: 'model: expected one of blocking, cluster, event-loop, got "event-lop"',
      remedy: 'nearest: event-loop',
    });
  });

  test('is quoted, so that an empty one and one with spaces can be seen', () => {
    expect(unknownName('model', '', ['a']).message).toContain('got ""');
    expect(unknownName('model', ' a ', ['a']).message).toContain('got " a "');
  });
});
