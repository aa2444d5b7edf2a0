import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../../../bench/report/printable.ts';

describe("text from outside, such as another member's message,", () => {
  test.each([
    ['ada: hello', 'ada: hello'],
    ['grüße, 世界 👋🏽', 'grüße, 世界 👋🏽'],
    ['one\ttwo', 'one\ttwo'],
    ['typed in telnet\r', 'typed in telnet'],
    ['\u001B[2J\u001B[31mred', '\u{FFFD}[2J\u{FFFD}[31mred'], // clear the screen, and colour
    ['\u001B]0;title\u0007', '\u{FFFD}]0;title\u{FFFD}'], // name the window
    ['\u009B2J', '\u{FFFD}2J'], // the same as ESC [ in one character
    ['\u0000\u0008\u007F', '\u{FFFD}\u{FFFD}\u{FFFD}'],
    ['two\nlines', 'two\nlines'], // which line framing lets nobody send
    ['\u202Etxt.exe', '\u{FFFD}txt.exe'], // shown from right to left
  ])('%j is printed as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('lets no control character but tab and newline reach the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text).replaceAll(/[\t\n]/g, '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
