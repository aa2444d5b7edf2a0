import type { Behaviour } from '../behaviour.ts';
import { cutFrame } from '../bad-frames.ts';
import type { TestClient } from '../client.ts';
import { eventually } from '../eventually.ts';
import { descriptorCount, withoutProc } from '../process-tree.ts';
import type { Subject } from '../subject.ts';

const WAVES = 3;

/** The ways in which a client can go. */
const departures: ReadonlyArray<(client: TestClient, subject: Subject) => Promise<void>> = [
  (client) => client.leave(),
  async (client) => client.reset(),
  async (client, subject) => {
    await client.write(cutFrame(subject.framing, client.compose(1)[0]!));
    await client.leave();
  },
];

/** What clients leave behind. */
export const footprint: Behaviour[] = [
  {
    sentence: 'holds no more descriptors after its clients have left than before they came',
    obstacle: withoutProc,
    shares: {},
    async check(subject, server) {
      await server.rests(); // what its threads open when they begin, they have opened
      const before = descriptorCount(server.tree());
      for (let wave = 0; wave < WAVES; wave += 1) {
        for (let next = 0; next < departures.length; next += subject.seats) {
          const present = departures.slice(next, next + subject.seats);
          const clients: TestClient[] = [];
          for (const _ of present) clients.push(await subject.served(server));
          await Promise.all(present.map((depart, index) => depart(clients[index]!, subject)));
        }
      }
      await eventually(`only ${before} descriptors are open`, () => descriptorCount(server.tree()) <= before);
    },
  },
];
