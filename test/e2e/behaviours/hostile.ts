import { expect } from 'vitest';
import { cutFrame, overLimit } from '../bad-frames.ts';
import type { Behaviour, Combination } from '../behaviour.ts';
import { eventually } from '../eventually.ts';
import { withoutSignals } from '../signals.ts';
import { full } from '../thoroughness.ts';

/** So long that even a busy machine serves the others in less. */
const FRAME_MS = 1500;
const IDLE_MS = 3000;
const DRIP_MS = 20;
/** Some models make a process for each. */
const RESETS = full ? 100 : 10;
const EMPTY_MESSAGES = 100_000;
const LIMIT_BYTES = 4096;
const ENDLESS_BYTES = 1 << 20;

/** Time and places know nothing of what is in a message. */
const once = ({ app, framing }: Combination): boolean => app.name === 'echo' && framing === 'length';

/** What clients do who mean harm, or are broken. */
export const hostile: Behaviour[] = [
  {
    sentence: 'closes a client that never finishes its message, though it sends a byte now and then, and serves others',
    appliesTo: once,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ frameMs: FRAME_MS });
      const loris = await subject.served(server);
      const frame = cutFrame(subject.framing, loris.compose(1)[0]!);
      let at = 0;
      const drip = setInterval(() => void loris.write(frame.subarray(at, (at += 1))).catch(() => {}), DRIP_MS);
      await loris.dropped().finally(() => clearInterval(drip));
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.closed).toMatchObject({ slow: 1, idle: 0, framing: 0, app: 0 });
    },
  },
  {
    sentence: 'closes a client of whom nothing comes, and serves others',
    appliesTo: once,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ idleMs: IDLE_MS });
      await (await subject.served(server)).dropped();
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.closed).toMatchObject({ slow: 0, idle: 1, framing: 0, app: 0 });
    },
  },
  {
    sentence: 'serves others after empty messages by the hundred thousand, connections that are reset, and an endless message',
    appliesTo: ({ app, framing }) => app.name === 'echo' && framing in overLimit,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ messageBytes: LIMIT_BYTES });
      const chatterbox = await subject.connect(server);
      const empty = Array<Buffer>(EMPTY_MESSAGES).fill(Buffer.alloc(0));
      await chatterbox.send(empty);
      const replies = await chatterbox.receive(EMPTY_MESSAGES);
      expect(replies.filter(({ length }) => length > 0)).toEqual([]);
      await chatterbox.leave();
      for (let count = 0; count < RESETS; count += 1) (await subject.connect(server)).reset();
      const endless = await subject.connect(server);
      await endless.write(overLimit[subject.framing.name]!(ENDLESS_BYTES));
      await endless.dropped();
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.closed).toMatchObject({ framing: 1, app: 0 });
    },
  },
  {
    sentence: 'closes a client beyond the most that may be open, and serves another when one has left',
    appliesTo: (combination) => once(combination) && combination.model.capabilities.connections === 'many',
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ connections: 2 });
      const first = await subject.served(server);
      const others = [await subject.connect(server), await subject.connect(server)];
      await Promise.race(others.map((client) => client.dropped()));
      await subject.exchange(first);
      await first.leave();
      await eventually('a newcomer is served', async () => {
        const newcomer = await subject.connect(server);
        return subject.exchange(newcomer).then(
          () => true,
          () => false,
        );
      });
    },
  },
];
