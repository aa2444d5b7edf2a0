import { beforeEach, describe, expect, test } from 'vitest';
import { transports } from '../../loadgen/transport.ts';
import { loadHere } from './load-here.ts';
import { listenFor, type Asked } from './load-target.ts';

describe.each(await transports.all())('a slow reader over $name', (transport) => {
  const obstacle = transport.unavailable();
  beforeEach((context) => {
    if (obstacle !== undefined) context.skip(obstacle);
  });

  test('fills what lies between it and the server, which may drop it without being blamed', async () => {
    const held: Asked[] = [];
    let dropped = 0;
    /** Lets the others wait for their first replies until it has dropped the one that asks for more without reading any. */
    const strict = (asked: Asked): void => {
      const { socket, frame, index } = asked;
      if (socket.destroyed) return;
      if (index === 0 && dropped === 0) held.push(asked);
      else socket.write(frame);
      if (socket.writableLength < 1 << 20) return;
      socket.resetAndDestroy();
      dropped += 1;
      for (const each of held) if (each.socket !== socket) each.socket.write(each.frame);
    };
    const target = await listenFor(strict);
    // Long messages, as few of them fill what takes megabytes: others wait for it, and not for ever.
    const shape = { connections: 4, active: 3, amount: 30, sizeBytes: 1 << 14 };
    const options = { workload: 'slow-reader', ...shape, transport: transport.name };
    const { result } = await loadHere(target, options);
    expect(dropped).toBe(1);
    expect(result).toMatchObject({
      messages: 30,
      failures: {},
      unanswered: 0,
      connections: { opened: 3, served: 3 },
      measures: { slowReaders: { value: 1 }, dropped: { value: 1 } },
    });
  });
});
