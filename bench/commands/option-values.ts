import { unknownName } from '../../errors/choice.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { sloPercentiles, type Slo } from '../../loadgen/slo.ts';

/** Parsers for option values. All throw SockbenchError E_OPTION, "expected …, got …". */

/** A whole number of at least `least`. */
export const wholeNumber =
  (option: string, least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
    throw wrong(option, `a whole number of at least ${least}`, text);
  };

/** Any number above 0. */
export const positive =
  (option: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value < Infinity) return value;
    throw wrong(option, 'a number above 0', text);
  };

export const oneOf =
  <Name extends string>(option: string, names: readonly Name[]) =>
  (text: string): Name => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    throw unknownName(option, text, names);
  };

/** Longer than any use, and short enough for setTimeout, which ends at 2^31 ms. */
const LONGEST_MS = 2e9;

/** "50" and "50us" are microseconds, "1ms". */
export const microseconds =
  (option: string) =>
  (text: string): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(us|ms|)$/.exec(text) ?? [];
    const us = Number(digits) * (unit === 'ms' ? 1000 : 1);
    if (us <= LONGEST_MS * 1e3) return us;
    throw wrong(option, 'a short time such as 50us or 1ms', text);
  };

const MS_PER_UNIT = { ms: 1, s: 1000, '': 1000, m: 60_000 };

/** "10" and "10s" are seconds, "500ms", "2m"; in ms. */
export const duration =
  (option: string) =>
  (text: string): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|)$/.exec(text) ?? [];
    const ms = Number(digits) * MS_PER_UNIT[(unit ?? '') as keyof typeof MS_PER_UNIT];
    if (ms <= LONGEST_MS) return ms;
    throw wrong(option, 'a duration such as 10, 10s, 500ms or 2m', text);
  };

/** A default as one would write it: "250ms", "125s", "1m". */
export function writtenDuration(ms: number): string {
  const whole = Object.entries(MS_PER_UNIT).filter(([unit, size]) => unit !== '' && ms >= size && ms % size === 0);
  const [unit, size] = whole.at(-1) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** "1%" or "0.01"; from 0 to 1. */
export const share =
  (option: string) =>
  (text: string): number => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?)(%|)$/.exec(text) ?? [];
    const value = percent === '%' ? Number(digits) / 100 : Number(digits);
    if (value <= 1) return value;
    throw wrong(option, 'a share such as 1% or 0.01', text);
  };

const NS_PER_UNIT = { us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

/** "50us", "2ms", "0"; in ns. */
export const timeNs =
  (option: string) =>
  (text: string): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(us|µs|ms|s)$/.exec(text) ?? [];
    if (text === '0') return 0;
    const ns = Math.round(Number(digits) * NS_PER_UNIT[unit as keyof typeof NS_PER_UNIT]);
    if (ns <= LONGEST_MS * 1e6) return ns;
    throw wrong(option, 'a time such as 50us or 2ms', text);
  };

/** "p99=5ms" */
export const latencyTarget =
  (option: string) =>
  (text: string): Slo => {
    const [name, time, ...rest] = text.split('=');
    const percentile = sloPercentiles.find((each) => each === name);
    if (percentile === undefined || time === undefined || rest.length > 0) throw wrong(option, 'a target such as p99=5ms', text);
    const ns = timeNs(option)(time);
    if (ns === 0) throw wrong(option, 'a time above 0', text);
    return { percentile, ns };
  };

/** "a,b, c" */
export const nameList = (text: string): string[] => text.split(',').map((name) => name.trim());

/** An option that may be given several times: what was given before, and this. */
export const repeated = (value: string, before: readonly string[]): string[] => [...before, value];

/** "HOST:PORT", "[::1]:PORT" */
export function hostAndPort(text: string): { host: string; port: number } {
  const [, v6, host, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port >= 1 && port <= 65_535) return { host: v6 ?? host!, port };
  throw wrong('HOST:PORT', 'an address such as 127.0.0.1:8080 or [::1]:8080', text);
}

export const portNumber =
  (option: string) =>
  (text: string): number => {
    const port = wholeNumber(option, 0)(text);
    if (port <= 65_535) return port;
    throw wrong(option, 'a port from 0 (any free one) to 65535', text);
  };

function wrong(option: string, expected: string, got: string): SockbenchError {
  return new SockbenchError('E_OPTION', `${option}: expected ${expected}, got ${JSON.stringify(got)}`);
}
