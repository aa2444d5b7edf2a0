import type { Service } from './service.ts';

/** Takes one of the `service.places` for a connection; where none is free, counts it: close it at once. */
export function admit({ places, closings }: Service): boolean {
  const admitted = places.tryAcquire();
  if (!admitted) closings.count('refused');
  return admitted;
}
