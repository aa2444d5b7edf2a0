import { build, HistogramLogWriter } from 'hdr-histogram-js';
import type { RecorderSet } from './recorder-set.ts';
import { save } from './whole-file.ts';

const MS_PER_S = 1000;
const NS_PER_MS = 1e6;
const HIGHEST_NS = 2 ** 40;

/** When it began, by the calendar, and how long it took, whatever became of the calendar meanwhile. */
interface Extent {
  startedAtMs: number;
  durationMs: number;
}

/**
 * Writes what was recorded as an HdrHistogram V2 log, values in ns: the response times without a tag, where its tools look first,
 * the others under their names. The column Interval_Max is in ms.
 * @throws SockbenchError E_RESULTS_FOLDER
 */
export function writeHdrLog(path: string, recorders: RecorderSet, { startedAtMs, durationMs }: Extent): void {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((line) => lines.push(line));
  const untilS = durationMs / MS_PER_S;
  writer.outputLogFormatVersion();
  writer.outputStartTime(startedAtMs);
  writer.outputLegend();
  for (const [name, recorder] of Object.entries(recorders)) {
    if (recorder.count === 0) continue;
    const histogram = build({
      bitBucketSize: 64,
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_NS,
      numberOfSignificantValueDigits: 3,
    });
    recorder.forEach((valueNs, count) => histogram.recordValueWithCount(valueNs, count));
    if (name !== 'responseTime') histogram.tag = name;
    writer.outputIntervalHistogram(histogram, 0, untilS, NS_PER_MS);
  }
  save(path, lines.join(''));
}
