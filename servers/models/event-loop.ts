/**
 * One thread; libuv's loop calls back when a socket has data. No call ever waits, so one thread serves every
 * connection, one chunk after the other.
 *
 *     listening socket ─┐
 *     A ────────────────┼──[ thread ]~~> epoll_wait, in libuv
 *     B ────────────────┘        │
 *                                └──> B is ready: its 'data' callback handles the chunk and writes
 *
 * Source: libuv through node:net; the reactor pattern (Schmidt 1995).
 * Wins with many connections that each need little work. Loses when a message needs much CPU: all others wait for it; and
 * beside a client who floods, as libuv reads up to 32 times, 64 KiB each, before it turns to the next (uv__read).
 */
import { defineModel, type RunningServer } from '../model.ts';
import { listenWithNet } from '../net-server.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Room } from '../rooms/room.ts';
import type { Service } from '../service.ts';

export default defineModel({
  name: 'event-loop',
  family: 'loop',
  representative: true,
  summary: 'one thread, node:net callbacks',
  source: "libuv's loop, through node:net",
  capabilities: { connections: 'many', parallel: false, platforms: 'all' },
  evidence: { servedBy: 'one thread', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'epoll_wait' },
  start: (service) => serveOnLoop(service, new LocalRoom()),
});

/** @param listener descriptor of a socket that listens already; otherwise one is made for the service's address */
export function serveOnLoop(service: Service, room: Room, listener?: number): Promise<RunningServer> {
  return listenWithNet(service, room, listener === undefined ? {} : { listener });
}
