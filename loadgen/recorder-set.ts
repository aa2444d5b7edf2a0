import { Recorder } from './recorder.ts';

/** Every run has these; a workload may add its own. */
const always = ['responseTime', 'serviceTime', 'sendLag', 'connectTime'] as const;

/** Histograms by name: the recorders, or the memory in which they are. */
export type RecorderSet<Place = Recorder> = Record<(typeof always)[number], Place> & Record<string, Place>;

export const newRecorders = (own: readonly string[] = []): RecorderSet =>
  Object.fromEntries([...always, ...own].map((name) => [name, new Recorder()])) as RecorderSet;

export const mapRecorders = <From, To>(set: RecorderSet<From>, map: (from: From) => To): RecorderSet<To> =>
  Object.fromEntries(Object.entries<From>(set).map(([name, from]) => [name, map(from)])) as RecorderSet<To>;
