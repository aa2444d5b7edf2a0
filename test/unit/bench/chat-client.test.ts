import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../../../bench/chat-client.ts';

describe("another member's message", () => {
  test.each([
    ['ada: hello', 'ada: hello'],
    ['grüße, 世界 👋🏽', 'grüße, 世界 👋🏽'],
    ['one\ttwo', 'one\ttwo'],
    ['typed in telnet\r', 'typed in telnet'],
    ['\u001B[2J\u001B[31mred', '\u{FFFD}[2J\u{FFFD}[31mred'], // clear the screen, and colour
    ['\u001B]0;title\u0007', '\u{FFFD}]0;title\u{FFFD}'], // name the window
    ['\u009B2J', '\u{FFFD}2J'], // the same as ESC [ in one character
    ['\u0000\u0008\u007F', '\u{FFFD}\u{FFFD}\u{FFFD}'],
    ['two\nlines', 'two\u{FFFD}lines'],
  ])('%j is printed as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('never gets a control character but the tab to the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text).replaceAll('\t', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
