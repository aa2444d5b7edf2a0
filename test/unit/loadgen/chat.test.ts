/** A room in which some speak and all listen, in virtual time: every figure here is worked out by hand. */
import { describe, expect, test } from 'vitest';
import chat from '../../../loadgen/workloads/chat.ts';
import type { VirtualServer } from './virtual-network.ts';
import { VirtualRun, type Wanted } from './virtual-run.ts';

const MEMBERS = 4;

/** What everyone says reaches member m after m + 1 ms, unless it is lost. */
const room = (isLost: (member: number, message: number) => boolean = () => false): VirtualServer => {
  let messages = 0;
  return {
    receives(_, bytes, network) {
      for (let member = 0; member < MEMBERS; member += 1) {
        if (!isLost(member, messages)) network.reply(member, bytes, member + 1);
      }
      messages += 1;
    },
  };
};

/** Of four members the third speaks, for 300 ms after a warm-up of 100 ms. */
const oneSpeaks: Wanted = { workload: chat, slots: MEMBERS, options: { active: 1 }, warmupNs: 100e6, durationNs: 300e6 };

/** [samples, mean in ms, lower bounds] */
function times({ recorders }: VirtualRun, name: string): number[] {
  const { count, meanNs, lowerBounds } = recorders[name]!;
  return [count, Math.round(meanNs / 1e4) / 100, lowerBounds];
}

describe('chat', () => {
  test('tells how long the first, the median and the last delivery of each message took, and all of them', async () => {
    // Connected at 1 ms; its own message is back after 3 ms and the next one leaves: 100 of them from 101 ms to 400 ms.
    const run = await new VirtualRun(room(), oneSpeaks).over();
    expect(times(run, 'firstDelivery')).toEqual([100, 1, 0]);
    expect(times(run, 'medianDelivery')).toEqual([100, 2, 0]);
    expect(times(run, 'lastDelivery')).toEqual([100, 4, 0]);
    expect(times(run, 'delivery')).toEqual([400, 2.5, 0]);
    expect(times(run, 'responseTime')).toEqual([101, 3, 0]); // and the one that was on its way
  });

  test('counts members who only listen as served', async () => {
    const run = await new VirtualRun(room(), oneSpeaks).over();
    expect(run.outcome).not.toHaveProperty('errors');
    expect(run.outcome).toMatchObject({ connections: { opened: 4, served: 4 } });
  });

  test('counts a listener to whom nothing comes as unserved', async () => {
    const run = await new VirtualRun(
      room((member) => member === 3),
      oneSpeaks,
    ).over();
    expect(run.outcome).toMatchObject({ connections: { opened: 4, served: 3 } });
    expect(run.outcome).not.toHaveProperty('errors');
    expect(times(run, 'lastDelivery')).toEqual([100, 3, 0]); // of those who are in the room
  });

  test('owes each message to each member who is in the room by then, and finds that what was sent is what was received', async () => {
    // 134 messages. The first brings everybody in; the second leaves at 4 ms, before it has reached the last member.
    const run = await new VirtualRun(room(), oneSpeaks).over();
    expect(run.measures).toMatchObject({ owed: 3 * 133 + 132, delivered: 3 * 133 + 132 });
  });

  test('counts a delivery that is never made as missing, and its message as one that never reached the last member', async () => {
    const run = await new VirtualRun(
      room((member, message) => member === 3 && message === 60),
      oneSpeaks,
    ).over();
    expect(run.outcome).toMatchObject({ errors: { missing: 1 } });
    expect(run.measures).toMatchObject({ owed: 531, delivered: 530 });
    expect(times(run, 'firstDelivery')).toEqual([100, 1, 0]);
    const [samples, , lowerBounds] = times(run, 'lastDelivery');
    expect([samples, lowerBounds]).toEqual([100, 1]);
    expect(run.recorders['lastDelivery']!.maxNs).toBeGreaterThanOrEqual(500e6);
  });

  test('sends at planned times where a rate is given, and counts deliveries from there', async () => {
    // One message every 2 ms, but only one in flight, which takes 3 ms: each is 1 ms later than the one before it.
    const run = await new VirtualRun(room(), { ...oneSpeaks, warmupNs: 20e6, durationNs: 20e6, schedule: { rate: 500 } }).over();
    // Ten are planned from 20 ms to 38 ms after the start. The message n leaves at 3 n ms, planned for 2 n: n ms late.
    expect(run.parts.tally.offered).toMatchObject({ sent: 4, held: 4, unsent: 6 });
    // Those are number 10 to 13, 10 to 13 ms late.
    expect(times(run, 'firstDelivery')).toEqual([4, 11.5 + 1, 0]);
    expect(times(run, 'lastDelivery')).toEqual([4, 11.5 + 4, 0]);
  });
});
