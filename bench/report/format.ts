import type { Measure } from '../../loadgen/measures.ts';
import type { LatencyFigure } from '../summary.ts';

/** "105,528" */
export const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US');

/** "980", "17.4k", "105k", "2.21M" */
export function formatRate(value: number): string {
  if (value < 999.5) return value.toFixed(0);
  const [size, unit] = value < 999.5e3 ? [1e3, 'k'] : [1e6, 'M'];
  return threeDigits(value / size) + unit;
}

/** "850 ns", "12.3 µs", "1.25 ms", "1.30 s" */
export function formatNs(ns: number): string {
  const units = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ] as const;
  for (const [size, unit] of units) if (ns >= 0.9995 * size) return `${threeDigits(ns / size)} ${unit}`;
  return `${Math.round(ns)} ns`;
}

/** Adds "≥" to a value that is only a lower bound; "–" for one with too few samples. */
export const formatLatency = (figure: LatencyFigure | undefined): string =>
  figure === undefined ? '–' : `${figure.lowerBound ? '≥' : ''}${formatNs(figure.ns)}`;

export const formatMicroseconds = (ns: number | undefined): string => (ns === undefined ? '–' : threeDigits(ns / 1e3));

export const formatMiB = (bytes: number | undefined): string => (bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(0));

/** "10.2"; never "-0.0" */
export const formatKiB = (bytes: number): string => (Math.round(bytes / 102.4) / 10).toFixed(1);

/** "12.5 %" */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** "2 missing, 1 corrupt": what occurred of these; empty where nothing did. */
export function formatKinds(kinds: object): string {
  const found = Object.entries(kinds).filter(([, count]) => count > 0);
  return found.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** "1,024", "12.5 %", "300/s", "64 MiB", "800 MiB/s" */
export const formatMeasure = (kind: Exclude<Measure['kind'], 'latency'>, value: number): string => measureFormats[kind](value);

const measureFormats = {
  count: formatCount,
  share: formatShare,
  rate: (value: number) => `${formatCount(value)}/s`,
  bytes: (value: number) => `${formatMiB(value)} MiB`,
  bytesPerSecond: (value: number) => `${formatMiB(value)} MiB/s`,
};

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
