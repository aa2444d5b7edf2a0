import type { GateObserver } from '../gate/gate.ts';
import { printable } from './printable.ts';

const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

/** What a gate does, a line each, on stderr. */
export function gateProgress(): GateObserver {
  const done = new Map<string, number>();
  return {
    says: say,
    confirms(contestants) {
      say(`not settled yet, fresh blocks for ${contestants.join(', ')}`);
    },
    blockEnds({ contestant, stage, dropped }, needed) {
      const key = `${stage} ${contestant}`;
      if (dropped !== undefined) {
        say(`[${key}] block dropped: ${dropped}`);
        return;
      }
      const count = ((done.get(key) ?? 0) % needed) + 1; // another comparison begins anew
      done.set(key, count);
      say(`[${key}] block ${count} of ${needed}`);
    },
  };
}
