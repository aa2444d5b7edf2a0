import type { GateObserver } from '../gate/gate.ts';
import { printable } from './printable.ts';

const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

/** What a gate does, a line each, on stderr. */
export const gateProgress: GateObserver = {
  says: say,
  confirms(contestants) {
    say(`not settled yet, fresh blocks for ${contestants.join(', ')}`);
  },
  blockEnds({ contestant, stage, dropped }, number, needed) {
    say(`[${stage} ${contestant}] block ${dropped === undefined ? `${number} of ${needed}` : `dropped: ${dropped}`}`);
  },
};
