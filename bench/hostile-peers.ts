// Peers who mean harm, or are broken: what the tests send to every model, and what `npm run bench:figures` measures beside.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Address } from '../posix/address.ts';
import { draw } from '../loadgen/random.ts';
import { sendUrgent } from '../posix/socket.ts';

const NOISE_BYTES = 1 << 16;
/** Of what a peer who never reads sends in all: far more than lies in kernels, and than a server may hold. */
const FLOOD_BYTES = 128 << 20;

/**
 * What a peer does once it is connected. None ever reads, nor ends its side of its own accord once the server has.
 * @param request a frame that the server answers
 */
export type Conduct = (socket: Socket, request: Buffer) => void;

/** By what they are called. */
export const conducts = {
  'random bytes': (socket) => socket.write(noise()),
  'connects and says nothing': () => {},
  'half-closes and reads nothing': (socket, request) => socket.end(request),
  'never reads thousands of replies': flood,
  'urgent data': (socket, request) => {
    socket.write(request);
    sendUrgent(descriptorOf(socket));
    socket.write(request);
  },
  resets: (socket) => socket.resetAndDestroy(),
} satisfies Record<string, Conduct>;

/** A peer that has begun to misbehave; whatever the server does about it, it keeps quiet about. */
export async function hostilePeer(address: Address, conduct: Conduct, request: Buffer): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => {}); // it is closed, which is what it deserves
  conduct(socket, request);
  return socket;
}

/** So many peers of every kind in turn, evenly, each for a second. @returns what ends them all */
export function harass(address: Address, request: Buffer, peersPerSecond: number): () => void {
  const kinds = Object.values(conducts);
  const peers: Promise<Socket>[] = [];
  const arrivals = setInterval(() => {
    peers.push(hostilePeer(address, kinds[peers.length % kinds.length]!, request));
    peers.slice(-peersPerSecond - 1, -peersPerSecond).forEach(leave);
  }, 1000 / peersPerSecond);
  return () => {
    clearInterval(arrivals);
    peers.forEach(leave);
  };
}

const leave = (peer: Promise<Socket>): void => void peer.then((socket) => socket.destroy());

/** For what node:net has no call, such as urgent data. */
export const descriptorOf = (socket: Socket): number => (socket as unknown as { _handle: { fd: number } })['_handle'].fd;

function flood(socket: Socket, request: Buffer): void {
  const requests = Buffer.alloc(request.length * 1000, request);
  for (let bytes = 0; bytes < FLOOD_BYTES; bytes += requests.length) socket.write(requests);
}

const seeds = Uint32Array.of(1);

function noise(): Buffer {
  return Buffer.from(Uint8Array.from({ length: NOISE_BYTES }, () => draw(seeds, 0) * 256));
}
